"""Improved precision."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.precision import Precision, precision
from gan_tf.registry import METRICS
from tests.metrics.reference import (
    POINTS,
    assert_agrees_with_prdc,
    assert_agrees_with_prdc_on_tight_clusters,
)

pytestmark = pytest.mark.usefixtures("block")


@pytest.mark.parametrize("k", [1, 3, 5])
def test_agrees_with_the_authors_package(k):
    assert_agrees_with_prdc(precision, k)


@pytest.mark.parametrize("spread", [1e-3, 1e-4, 1e-5])
def test_tight_clusters_agree_with_the_authors_package(spread):
    assert_agrees_with_prdc_on_tight_clusters(precision, spread)


def test_copies_of_the_reals_are_perfect():
    assert precision(POINTS, POINTS) == 1


def test_a_single_repeated_image_is_precise():
    assert precision(POINTS, np.repeat(POINTS[:1], 50, axis=0)) == 1


@pytest.mark.parametrize("arguments", [{"num_images": 50_001}, {"k": 0}])
def test_senseless_arguments_are_refused(arguments):
    with pytest.raises(UserError, match=r"50,000 or fewer|must be 1 or more"):
        Precision(**arguments)


def test_too_few_images_are_refused_when_the_metric_is_built():
    with pytest.raises(UserError, match="needs 6 or more"):
        METRICS.build("precision(5, k=5)")
