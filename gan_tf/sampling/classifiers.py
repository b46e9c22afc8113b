"""Classifiers that assign images to a run's classes."""

import numpy as np

from gan_tf.data.class_names import visual_key
from gan_tf.errors import UserError
from gan_tf.features.keras_model import KerasModel
from gan_tf.registry import FEATURES
from gan_tf.sampling import own_classifier


def classifier(spec, trained, **location):
    """Returns a function that classifies images into the run's classes.

    Args:
        spec: "auto": the classifier that comes with the run's data set (the run can have been
            trained on some of its classes only), or else a discriminator that classifies; or the
            path of a `.keras` file: float32 images in [-1, 1], resized to its input -> (n,
            classes) probabilities, or logits, in the order of the run's classes.
        trained: a `gan_tf.runs.trained_run.TrainedRun` on labeled data.
        **location: fields of `Config` with the data set's location, such as `data_dir`.

    Returns:
        A function: uint8 (n, H, W, C) -> int64 (n,), the classes, -1 for those that the run does
        not have; and float32 (n,), their probabilities.

    Raises:
        UserError: when there is no such classifier, or its classes are not the run's.
    """
    if spec != "auto":
        return _of_file(spec, trained)
    own = own_classifier.find(trained.config)
    if own:
        extractor = FEATURES.build(own, {"image_shape": trained.sample_shape})
        return _of_data_set(extractor, trained, location)
    own_classifier.check(trained.config)
    return _best(lambda pixels: _softmax(trained.discriminate(pixels).class_logits))


def _of_file(path, trained):
    model = KerasModel(path, trained.sample_shape)
    classes = len(trained.label_names)

    def probabilities(pixels):
        outputs, _ = model(pixels)
        if outputs.shape[1] != classes:
            raise UserError(
                f"The classifier '{path}' has {outputs.shape[1]} outputs, but the run in "
                f"'{trained.run.path}' has {classes} classes: give one trained on these classes."
            )
        sums_to_one = np.allclose(outputs.sum(1), 1, atol=1e-3) and outputs.min() >= 0
        return outputs if sums_to_one else _softmax(outputs)

    return _best(probabilities)


def _of_data_set(extractor, trained, location):
    """The data set's classifier, mapped to the run's classes, which can be a subset."""
    _, source = trained.source(classes=None, leave_out=None, max_images=None, **location)
    indices = {visual_key(name): index for index, name in enumerate(trained.label_names)}
    known = np.array([indices.get(visual_key(name), -1) for name in source.label_names])
    best = _best(lambda pixels: extractor(pixels)[1])

    def classify(pixels):
        classes, confidences = best(pixels)
        return known[classes], confidences

    return classify


def _best(probabilities):
    def classify(pixels):
        found = probabilities(pixels)
        return found.argmax(1), found.max(1)

    return classify


def _softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
