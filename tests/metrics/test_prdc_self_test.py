"""Precision, recall, density and coverage of normal features, beside the authors' package."""

import numpy as np
import prdc
import pytest

from gan_tf.metrics.coverage import coverage
from gan_tf.metrics.density import density
from gan_tf.metrics.precision import precision
from gan_tf.metrics.recall import recall

NAMES = ("precision", "recall", "density", "coverage")


def normal(count):
    random = np.random.default_rng(0)
    return [random.standard_normal((count, 1000), np.float32) for _ in range(2)]


@pytest.mark.slow
def test_normal_features_give_what_the_authors_package_gives():
    found = [each(*normal(2000), 5) for each in (precision, recall, density, coverage)]
    expected = prdc.compute_prdc(*normal(2000), 5)
    assert found == pytest.approx([expected[name] for name in NAMES], abs=2e-3)
