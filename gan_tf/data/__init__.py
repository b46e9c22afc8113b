"""Data sets: one file per kind of source, and the pipeline that feeds the model.

A data set is a class, registered in `gan_tf.registry.DATASETS`, that follows the contract of
`gan_tf.data.source.Source`. Its constructor takes, by name, the options of `Config` that it
understands. Class attributes are literals, so that flags can be checked before TensorFlow is
imported: besides those of `Source`

    default_image_size  of sets of images; None where an option sets it
    channels            of sets of images; None where an option sets it
    labels              "attributes" where the labels do not exclude each other
    features            the spec of the feature extractor that suits the data set
    terms               under which its examples may be used: a clause, for model cards
"""
