"""Resampling of images, against values worked out by hand and functions that are known everywhere."""

import math

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.tricks import image_resampling
from gan_tf.tricks.image_resampling import bilinear, filtered


def test_resampling_follows_its_matrix():
    image = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)

    def at(*matrix):
        return np.asarray(bilinear(tf.constant(image), tf.constant([matrix], tf.float32)))[
            0, ..., 0
        ]

    np.testing.assert_array_equal(at((1, 0, 0), (0, 1, 0)), image[0, ..., 0])
    np.testing.assert_array_equal(at((-1, 0, 0), (0, 1, 0)), image[0, :, ::-1, 0])
    np.testing.assert_array_equal(at((0, 1, 0), (1, 0, 0)), image[0, ..., 0].T)
    # half a pixel to the right: means of neighbors, mirrored behind the last
    np.testing.assert_allclose(at((1, 0, 0.5), (0, 1, 0))[0], [0.5, 1.5, 2.5, 2.5])
    # two pixels down: the rows behind the last are mirrored around it
    np.testing.assert_array_equal(at((1, 0, 0), (0, 1, 2))[:, 0], [8, 12, 8, 4])


def test_the_filter_is_that_of_a_wavelet_with_six_vanishing_moments():
    """That halves what it has doubled without a change, and ignores polynomials of degree 5."""
    taps = image_resampling._FILTER
    assert taps.sum() == pytest.approx(1)
    for shift in range(0, 12, 2):
        assert np.dot(taps[shift:], taps[: 12 - shift]) == pytest.approx(0.5 * (shift == 0))
    places, signs = np.arange(12) - 5.5, (-1) ** np.arange(12)
    for power in range(6):
        assert np.sum(signs * taps * places**power) == pytest.approx(0, abs=1e-7)


@pytest.mark.parametrize("shift", [(0, 0), (3, -2), (-9, 4)])
def test_a_filtered_shift_by_whole_pixels_keeps_the_values(shift):
    images = tf.random.uniform(
        (2, 6, 10, 3), -1, 1
    )  # wider than high; some come from beyond the edges
    matrices = tf.tile(tf.constant([[[1.0, 0, shift[0]], [0, 1, shift[1]]]]), (2, 1, 1))
    np.testing.assert_allclose(filtered(images, matrices), bilinear(images, matrices), atol=1e-5)


def test_filtering_keeps_more_detail_than_interpolation():
    """A wave of 5 pixels, turned by 30 degrees, magnified and moved; its values are known everywhere."""
    y, x = np.mgrid[:32, :32] - 15.5
    turn, zoom = math.radians(30), 0.9
    matrix = zoom * np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    matrix = np.column_stack([matrix, [0.3, -0.6]]).astype(np.float32)

    def wave(x, y):
        return np.cos(2 * np.pi * (0.8 * x + 0.6 * y) / 5)

    exact = wave(*np.tensordot(matrix, np.stack([x, y, np.ones_like(x)]), 1))
    images = tf.constant(wave(x, y)[None, ..., None], tf.float32)
    inside = np.hypot(x, y) < 10
    plain, fine = (
        np.abs(np.asarray(resample(images, matrix[None]))[0, ..., 0] - exact)[inside].mean()
        for resample in (bilinear, filtered)
    )
    assert fine < plain / 3 and fine < 0.05
    flat = filtered(tf.fill((1, 32, 32, 1), 0.7), matrix[None])
    np.testing.assert_allclose(flat, 0.7, atol=1e-4)
