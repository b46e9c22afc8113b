"""Data sets: one file per kind of source, and the pipeline that feeds the model.

A data set is a class whose constructor takes, by name, the options of `Config` that it
understands, and which has

    name            str, for messages and cache files
    image_shape     (height, width, channels) of what it gives
    num_images      how many images there are at most
    label_names     names of the classes (or attributes); () without labels
    skipped         [(file, reason)] of what could not be read, after `batches`
    cache_key       str that changes whenever the images would
    batches()       yields (uint8 (n, height, width, channels), labels (n,) or (n, attributes) or None)
    held_out()      yields the same of images that no training uses; nothing where there are none

`default_image_size` and `channels` (None where an option sets them), and `labels =
"attributes"` where the labels do not exclude each other, and `features`, the feature
extractor that suits the data set, and `terms`, under which its images may be used (a clause, for
model cards), are class attributes, so that flags can be checked before TensorFlow is imported.
"""
