"""Feature extractors: what the metrics see of an image.

An extractor is a class whose constructor takes, by name, the options of the evaluation
that it understands (`image_shape`, `inception_weights`), and which has

    name            str, as it is reported beside each score
    digest          str, 12 hexadecimal digits that change whenever the features would
    classifies      bool: whether it gives probabilities of classes that exclude each other
    __call__(images)  uint8 (n, height, width, channels) -> features float32 (n, d), and
                    probabilities float32 (n, classes) or None

It computes in float32 whatever the global policy is, and treats each image by itself: what it says of an
image does not depend on the others of the batch.
"""
