"""Coverage."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.coverage import coverage
from gan_tf.registry import METRICS
from tests.metrics.reference import (
    POINTS,
    assert_agrees_with_prdc,
    assert_agrees_with_prdc_on_tight_clusters,
)

pytestmark = pytest.mark.usefixtures("block")


@pytest.mark.parametrize("k", [1, 3, 5])
def test_agrees_with_the_authors_package(k):
    assert_agrees_with_prdc(coverage, k)


@pytest.mark.parametrize("spread", [1e-3, 1e-4, 1e-5])
def test_tight_clusters_agree_with_the_authors_package(spread):
    assert_agrees_with_prdc_on_tight_clusters(coverage, spread)


def test_copies_of_the_reals_are_perfect():
    assert coverage(POINTS, POINTS) == 1


def test_a_single_repeated_image_covers_little():
    assert coverage(POINTS, np.repeat(POINTS[:1], 50, axis=0)) < 0.3


@pytest.mark.parametrize("scale", [1, 0.1, 1 / 255])
def test_rounding_does_not_decide_ties(scale):
    """Black and white pixels, whose squared distances are whole numbers."""
    random = np.random.default_rng(2)
    real, fake = random.integers(0, 2, (2, 400, 24))
    squares = [np.sum((real[:, None] - each) ** 2, axis=2) for each in (real, fake)]
    radii = np.sort(squares[0])[:, 5]
    expected = (squares[1].min(axis=1) <= radii).mean()
    assert expected == 0.9875
    assert coverage(np.float32(real * scale), np.float32(fake * scale), 5) == expected


def test_too_few_images_are_refused_when_the_metric_is_built():
    with pytest.raises(UserError, match="needs 6 or more"):
        METRICS.build("coverage(num_images=3)")
