"""Classifiers that say of which of a run's classes images are."""

import dataclasses

import numpy as np

from gan_tf.errors import UserError
from gan_tf.features.keras_model import KerasModel
from gan_tf.registry import FEATURES


def classifier(spec, trained, **location):
    """Returns a function of images that says which class each is of.

    Args:
        spec: "auto": the classifier that comes with the run's data set (of which the run may have
            learnt some classes only), or else the discriminator where it tells classes apart; or
            the path of a `.keras` file: float32 images in [-1, 1], resized to its input -> (n,
            classes) probabilities, or logits, in the order of the run's classes.
        trained: a `gan_tf.runs.trained_run.TrainedRun` on labelled data.
        **location: fields of `Config` that say where the data set is, such as `data_dir`.

    Returns:
        A function: uint8 (n, H, W, C) -> int64 (n,), the classes, -1 for one that the run does
        not have; and float32 (n,), the probability of each.

    Raises:
        UserError: when there is no such classifier, or it has other classes.
    """
    if spec != "auto":
        return _of_file(spec, trained)
    own = dataclasses.replace(trained.config, features=None).feature_spec()
    if FEATURES.entry(own).attributes.get("classifies"):
        extractor = FEATURES.build(own, {"image_shape": trained.image_shape})
        return _of_data_set(extractor, trained, location)
    if trained.config.semi_supervised or "class_logits" in trained.discriminator.output_names:
        return _best(lambda pixels: _softmax(trained.discriminate(pixels).class_logits))
    raise UserError(
        f"There is no classifier for the data set '{trained.config.dataset}': give a .keras file with "
        "--classifier=..."
    )


def _of_file(path, trained):
    model = KerasModel(path, trained.image_shape)
    classes = len(trained.label_names)

    def probabilities(pixels):
        outputs, _ = model(pixels)
        if outputs.shape[1] != classes:
            raise UserError(
                f"The classifier '{path}' has {outputs.shape[1]} outputs, and the run in "
                f"'{trained.run.path}' {classes} classes: give one that was trained on these classes."
            )
        sums_to_one = np.allclose(outputs.sum(1), 1, atol=1e-3) and outputs.min() >= 0
        return outputs if sums_to_one else _softmax(outputs)

    return _best(probabilities)


def _of_data_set(extractor, trained, location):
    """Of all classes of the data set, of which the run may have learnt some."""
    _, source = trained.source(classes=None, leave_out=None, max_images=None, **location)
    indices = {name: index for index, name in enumerate(trained.label_names)}
    known = np.array([indices.get(name, -1) for name in source.label_names])
    best = _best(lambda pixels: extractor(pixels)[1])

    def classify(pixels):
        classes, sure = best(pixels)
        return known[classes], sure

    return classify


def _best(probabilities):
    def classify(pixels):
        found = probabilities(pixels)
        return found.argmax(1), found.max(1)

    return classify


def _softmax(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)
