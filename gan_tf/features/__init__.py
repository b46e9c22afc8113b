"""Feature extractors: they compute the features that metrics compare.

An extractor is a class whose constructor takes, by name, the evaluation options that it
supports (`image_shape`, `inception_weights`), and which has

    name            str, reported with each score
    digest          str, 12 hexadecimal digits that change whenever the features would
    classifies      bool: whether it outputs probabilities of mutually exclusive classes
    modalities      names of the modalities it supports; (): any
    __call__(images)  stored samples (n, *shape) -> features float32 (n, d), and probabilities
                    float32 (n, classes) or None

It computes in float32 whatever the global policy, and each sample's result is independent of the
rest of the batch.
"""
