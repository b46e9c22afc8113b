"""Divergence of class frequencies, by hand."""

import numpy as np
import pytest

from gan_tf.metrics.class_kl import class_kl
from gan_tf.registry import METRICS
from tests.metrics.reference import of_classes


def test_by_hand():
    assert class_kl(np.array([50, 50]), np.array([7, 7])) == 0
    assert class_kl(np.full(10, 5), np.eye(10)[3]) == pytest.approx(np.log(10))
    expected = 0.75 * np.log(0.75 / 0.5) + 0.25 * np.log(0.25 / 0.5)
    assert class_kl(np.array([2, 2]), np.array([3, 1])) == pytest.approx(expected)
    # a class that no real has counts as half an image: 10 of 10.5 and 0.5 of 10.5
    expected = 0.5 * np.log(0.5 / (10 / 10.5)) + 0.5 * np.log(0.5 / (0.5 / 10.5))
    assert class_kl(np.array([10, 0]), np.array([1, 1])) == pytest.approx(expected)
    real = of_classes(np.arange(400) % 4)
    assert METRICS.build("class_kl")(real, of_classes([0] * 8)).value == pytest.approx(np.log(4))


def test_a_class_that_neither_has_does_not_count():
    assert class_kl(np.array([5, 5, 0]), np.array([5, 5, 0])) == 0
