"""Nearest neighbours against brute force, and the four metrics against the authors' package."""

import numpy as np
import prdc
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics import neighbours
from gan_tf.metrics.coverage import coverage
from gan_tf.metrics.density import density
from gan_tf.metrics.precision import Precision, precision
from gan_tf.metrics.recall import recall

RANDOM = np.random.default_rng(0)
POINTS, OTHERS = RANDOM.normal(0, 1, (60, 5)), RANDOM.normal(0.5, 1, (40, 5))


def brute(queries, references):
    return np.sum((queries[:, None] - references) ** 2, axis=2)


@pytest.fixture(params=[1 << 23, 100], ids=["one block", "many blocks"], autouse=True)
def block(request, monkeypatch):
    monkeypatch.setattr(neighbours, "_BLOCK", request.param)


def test_radii_balls_and_nearest():
    radii = neighbours.squared_radii(POINTS, 3)
    np.testing.assert_allclose(radii, np.sort(brute(POINTS, POINTS))[:, 3], rtol=1e-4)
    inside = neighbours.count_balls(OTHERS, POINTS, radii)
    np.testing.assert_array_equal(inside, np.sum(brute(OTHERS, POINTS) <= radii, axis=1))
    indices, squares = neighbours.nearest(OTHERS, POINTS)
    np.testing.assert_array_equal(indices, np.argmin(brute(OTHERS, POINTS), axis=1))
    np.testing.assert_allclose(squares, np.min(brute(OTHERS, POINTS), axis=1), rtol=1e-4)


def test_equal_points_are_at_0_however_far_from_the_origin():
    far = np.float32(POINTS * 100 + 5000)
    _, squares = neighbours.nearest(far[:10], far)
    np.testing.assert_array_equal(squares, 0)


@pytest.mark.parametrize("k", [1, 3, 5])
def test_agree_with_the_authors_package(k):
    random = np.random.default_rng(k)
    real, fake = random.normal(0, 1, (300, 16)), random.normal(0.2, 0.9, (250, 16))
    expected = prdc.compute_prdc(real, fake, k)
    for metric in (precision, recall, density, coverage):
        assert metric(real, fake, k) == pytest.approx(expected[metric.__name__]), metric


@pytest.mark.parametrize("spread", [1e-3, 1e-4, 1e-5])
def test_tight_clusters_agree_with_the_authors_package(spread):
    """Ten clusters far apart; the authors' distances are computed in float64."""
    random = np.random.default_rng(0)
    centers = random.normal(0, 1, (10, 64))
    real, fake = (
        (centers[random.integers(0, 10, 300)] + random.normal(0, spread, (300, 64)))
        for _ in range(2)
    )
    expected = prdc.compute_prdc(real, fake, 5)
    assert 0.8 < expected["density"] < 1.2
    for metric in (precision, recall, density, coverage):
        assert metric(real, fake, 5) == pytest.approx(expected[metric.__name__], abs=0.01), metric


def test_copies_are_on_the_surface_of_balls_and_counted():
    """Each ball contains its center and k neighbours."""
    for points in (POINTS, POINTS * 1e-3 + 10):
        assert density(points, points, 5) == pytest.approx(6 / 5, rel=1e-12)


def test_copies_of_the_reals_are_perfect():
    assert precision(POINTS, POINTS) == recall(POINTS, POINTS) == coverage(POINTS, POINTS) == 1


def test_a_single_repeated_image_is_precise_and_covers_little():
    repeated = np.repeat(POINTS[:1], 50, axis=0)
    assert precision(POINTS, repeated) == 1
    assert recall(POINTS, repeated) == pytest.approx(1 / 60)
    assert coverage(POINTS, repeated) < 0.3


@pytest.mark.parametrize("arguments", [{"num_images": 50_001}, {"k": 0}])
def test_senseless_arguments_are_refused(arguments):
    with pytest.raises(UserError, match=r"50,000 or fewer|must be 1 or more"):
        Precision(**arguments)


@pytest.mark.parametrize("scale", [1, 0.1, 1 / 255])
def test_rounding_does_not_decide_ties(scale):
    """Black and white pixels, whose squared distances are whole numbers."""
    random = np.random.default_rng(2)
    real, fake = random.integers(0, 2, (2, 400, 24))
    radii = np.sort(brute(real, real))[:, 5]
    expected = (brute(real, fake).min(axis=1) <= radii).mean()
    assert expected == 0.9875
    assert coverage(np.float32(real * scale), np.float32(fake * scale), 5) == expected
