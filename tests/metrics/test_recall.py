"""Improved recall."""

import numpy as np
import pytest

from gan_tf.metrics.recall import recall
from tests.metrics.reference import (
    POINTS,
    assert_agrees_with_prdc,
    assert_agrees_with_prdc_on_tight_clusters,
)

pytestmark = pytest.mark.usefixtures("block")


@pytest.mark.parametrize("k", [1, 3, 5])
def test_agrees_with_the_authors_package(k):
    assert_agrees_with_prdc(recall, k)


@pytest.mark.parametrize("spread", [1e-3, 1e-4, 1e-5])
def test_tight_clusters_agree_with_the_authors_package(spread):
    assert_agrees_with_prdc_on_tight_clusters(recall, spread)


def test_copies_of_the_reals_are_perfect():
    assert recall(POINTS, POINTS) == 1


def test_a_single_repeated_image_recalls_itself_alone():
    assert recall(POINTS, np.repeat(POINTS[:1], 50, axis=0)) == pytest.approx(1 / 60)
