"""Samples of known classes, and the authors' package of precision, recall, density and coverage."""

import functools

import numpy as np
import prdc
import pytest

from gan_tf.metrics.metric import Sample

RANDOM = np.random.default_rng(0)
POINTS, OTHERS = RANDOM.normal(0, 1, (60, 5)), RANDOM.normal(0.5, 1, (40, 5))


def of_classes(classes, features=None, labels=None, number=4):
    """A `Sample` that the classifier is sure of."""
    classes = np.asarray(classes)
    features = np.zeros((len(classes), 2), np.float32) if features is None else features
    return Sample(None, features, np.eye(number, dtype=np.float32)[classes], labels)


def assert_agrees_with_prdc(metric, k):
    """Asserts that a function of (real, fake, k) has the authors' value on normal features."""
    real, fake, expected = _normal(k)
    assert metric(real, fake, k) == pytest.approx(expected[metric.__name__])


def assert_agrees_with_prdc_on_tight_clusters(metric, spread):
    """Ten clusters far apart; the authors' distances are computed in float64."""
    real, fake, expected = _clusters(spread)
    assert 0.8 < expected["density"] < 1.2
    assert metric(real, fake, 5) == pytest.approx(expected[metric.__name__], abs=0.01)


@functools.cache
def _normal(k):
    random = np.random.default_rng(k)
    real, fake = random.normal(0, 1, (300, 16)), random.normal(0.2, 0.9, (250, 16))
    return real, fake, prdc.compute_prdc(real, fake, k)


@functools.cache
def _clusters(spread):
    random = np.random.default_rng(0)
    centers = random.normal(0, 1, (10, 64))
    real, fake = (
        (centers[random.integers(0, 10, 300)] + random.normal(0, spread, (300, 64)))
        for _ in range(2)
    )
    return real, fake, prdc.compute_prdc(real, fake, 5)
