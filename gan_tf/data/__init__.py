"""Data sets: one file per kind of source, and the pipeline that feeds the model.

A data set is a class, registered in `gan_tf.registry.DATASETS`, that follows the contract of
`gan_tf.data.source.Source`. Its constructor takes, by name, the options of `Config` that it
understands. Class attributes are literals, so that flags can be checked before TensorFlow is
imported: besides those of `Source`

    default_image_size  of sets of images; None if an option sets it
    default_length      of sets of sound, in samples
    class_folders       the option that names the folder whose folders are the classes; default
                        "image_dir"; None: something else says the classes
    channels            of sets of images; None if an option sets it
    labels              "attributes" if the labels are not mutually exclusive
    features            the spec of the default feature extractor
    terms               the terms of use of its examples: a clause, for model cards
    users_own           True if users bring the examples, so that the defaults of a training depend on
                        how many there are (see `gan_tf.training.few_images`)
"""
