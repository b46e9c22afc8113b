"""The published self-test of precision, recall, density and coverage."""

import numpy as np
import prdc
import pytest

from gan_tf.metrics import coverage as coverage_module
from gan_tf.metrics import density as density_module
from gan_tf.metrics import precision as precision_module
from gan_tf.metrics.coverage import coverage
from gan_tf.metrics.density import density
from gan_tf.metrics.neighbours import squared_radii
from gan_tf.metrics.precision import precision
from gan_tf.metrics.recall import recall

NAMES = ("precision", "recall", "density", "coverage")


def normal(count):
    random = np.random.default_rng(0)
    return [random.standard_normal((count, 1000), np.float32) for _ in range(2)]


@pytest.mark.slow
def test_normal_features_give_the_published_values(monkeypatch):
    """N(0, I), 10,000 x 1,000 each, k = 5; the values are of another draw, and these spread."""
    features, radii = normal(10_000), {}

    def once(points, k):  # the radii take seconds, and all four need them
        if id(points) not in radii:
            radii[id(points)] = squared_radii(points, k)
        return radii[id(points)]

    for each in (precision_module, density_module, coverage_module):
        monkeypatch.setattr(each, "squared_radii", once)
    found = [each(*features, 5) for each in (precision, recall, density, coverage)]
    assert len(radii) == 2
    assert found == pytest.approx([0.4772, 0.4705, 1.0555, 0.9735], rel=0.2)


@pytest.mark.slow
def test_normal_features_give_what_the_authors_package_gives():
    found = [each(*normal(2000), 5) for each in (precision, recall, density, coverage)]
    expected = prdc.compute_prdc(*normal(2000), 5)
    assert found == pytest.approx([expected[name] for name in NAMES], abs=2e-3)
