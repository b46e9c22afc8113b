"""Feature extractors: what the metrics see of a sample.

An extractor is a class whose constructor takes, by name, the options of the evaluation
that it understands (`image_shape`, `inception_weights`), and which has

    name            str, as it is reported beside each score
    digest          str, 12 hexadecimal digits that change whenever the features would
    classifies      bool: whether it gives probabilities of classes that exclude each other
    modalities      names of the modalities whose samples it understands; (): any
    __call__(images)  stored samples (n, *shape) -> features float32 (n, d), and probabilities
                    float32 (n, classes) or None

It computes in float32 whatever the global policy is, and treats each sample by itself: what it says of one
does not depend on the others of the batch.
"""
