"""The published self-test of precision, recall, density and coverage."""

import numpy as np
import prdc
import pytest

from gan_tf.metrics.coverage import coverage
from gan_tf.metrics.density import density
from gan_tf.metrics.precision import precision
from gan_tf.metrics.recall import recall


@pytest.mark.slow
def test_normal_features_give_the_published_values():
    """N(0, I), 10,000 x 1,000 each, k = 5: from the authors' own draw, so to their spread."""
    random = np.random.default_rng(0)
    real, fake = (random.standard_normal((10_000, 1000), np.float32) for _ in range(2))
    found = [each(real, fake, 5) for each in (precision, recall, density, coverage)]
    expected = prdc.compute_prdc(real, fake, 5)
    names = ("precision", "recall", "density", "coverage")
    assert found == pytest.approx([expected[name] for name in names], abs=2e-3)
    assert found == pytest.approx([0.4772, 0.4705, 1.0555, 0.9735], rel=0.2)
