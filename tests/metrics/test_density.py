"""Density."""

import pytest

from gan_tf.metrics.density import density
from tests.metrics.reference import (
    POINTS,
    assert_agrees_with_prdc,
    assert_agrees_with_prdc_on_tight_clusters,
)

pytestmark = pytest.mark.usefixtures("block")


@pytest.mark.parametrize("k", [1, 3, 5])
def test_agrees_with_the_authors_package(k):
    assert_agrees_with_prdc(density, k)


@pytest.mark.parametrize("spread", [1e-3, 1e-4, 1e-5])
def test_tight_clusters_agree_with_the_authors_package(spread):
    assert_agrees_with_prdc_on_tight_clusters(density, spread)


def test_copies_are_on_the_surface_of_balls_and_counted():
    """Each ball contains its center and k neighbors."""
    for points in (POINTS, POINTS * 1e-3 + 10):
        assert density(points, points, 5) == pytest.approx(6 / 5, rel=1e-12)
