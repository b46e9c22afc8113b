"""The published self-test of precision, recall, density and coverage."""

import numpy as np
import prdc
import pytest

from gan_tf.metrics import coverage as coverage_module
from gan_tf.metrics import density as density_module
from gan_tf.metrics import precision as precision_module
from gan_tf.metrics.coverage import coverage
from gan_tf.metrics.density import density
from gan_tf.metrics.neighbours import count_balls, squared_radii
from gan_tf.metrics.precision import precision
from gan_tf.metrics.recall import recall

NAMES = ("precision", "recall", "density", "coverage")


def normal(count):
    random = np.random.default_rng(0)
    return [random.standard_normal((count, 1000), np.float32) for _ in range(2)]


@pytest.mark.slow
def test_normal_features_give_the_published_values(monkeypatch):
    """N(0, I), 10,000 x 1,000 each, k = 5; the values are of another draw, and these spread."""
    features, kept = normal(10_000), {}

    def once(function):
        """What takes seconds, and several of the four need."""

        def call(*arguments):
            key = function, *map(id, arguments)  # of arrays that are kept, too
            if key not in kept:
                kept[key] = arguments, function(*arguments)
            return kept[key][1]

        return call

    radii, balls = once(squared_radii), once(count_balls)
    for each in (precision_module, density_module, coverage_module):
        monkeypatch.setattr(each, "squared_radii", radii)
    for each in (precision_module, density_module):
        monkeypatch.setattr(each, "count_balls", balls)
    found = [each(*features, 5) for each in (precision, recall, density, coverage)]
    assert len(kept) == 4  # radii and balls of each
    assert found == pytest.approx([0.4772, 0.4705, 1.0555, 0.9735], rel=0.2)


@pytest.mark.slow
def test_normal_features_give_what_the_authors_package_gives():
    found = [each(*normal(2000), 5) for each in (precision, recall, density, coverage)]
    expected = prdc.compute_prdc(*normal(2000), 5)
    assert found == pytest.approx([expected[name] for name in NAMES], abs=2e-3)
