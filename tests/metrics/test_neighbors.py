"""Nearest neighbors against brute force."""

import numpy as np
import pytest

from gan_tf.metrics import neighbors
from tests.metrics.reference import OTHERS, POINTS

pytestmark = pytest.mark.usefixtures("block")


def brute(queries, references):
    return np.sum((queries[:, None] - references) ** 2, axis=2)


def test_radii_balls_and_nearest():
    radii = neighbors.squared_radii(POINTS, 3)
    np.testing.assert_allclose(radii, np.sort(brute(POINTS, POINTS))[:, 3], rtol=1e-4)
    inside = neighbors.count_balls(OTHERS, POINTS, radii)
    np.testing.assert_array_equal(inside, np.sum(brute(OTHERS, POINTS) <= radii, axis=1))
    indices, squares = neighbors.nearest(OTHERS, POINTS)
    np.testing.assert_array_equal(indices, np.argmin(brute(OTHERS, POINTS), axis=1))
    np.testing.assert_allclose(squares, np.min(brute(OTHERS, POINTS), axis=1), rtol=1e-4)


def test_equal_points_are_at_0_however_far_from_the_origin():
    far = np.float32(POINTS * 100 + 5000)
    _, squares = neighbors.nearest(far[:10], far)
    np.testing.assert_array_equal(squares, 0)


def test_nearest_of_uint8_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (30, 20), np.uint8)
    squares = np.sum((np.float64(pixels[:5, None]) - pixels[None, 5:]) ** 2, axis=2)
    found, _ = neighbors.nearest(pixels[:5], pixels[5:])
    np.testing.assert_array_equal(found, squares.argmin(axis=1))
