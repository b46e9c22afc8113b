"""Resampling through [1, 3, 3, 1], against values worked out by hand."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.networks.filtering import FilteredDownsampling2D, FilteredUpsampling2D, blur


def row(*values):
    """An image with these values in each row, of which only the middle of many is looked at."""
    return tf.constant(np.tile(np.float32(values)[None, None, :, None], (1, 8, 1, 2)))


def test_a_new_pixel_is_three_quarters_of_the_nearest_one():
    made = FilteredUpsampling2D()(row(4, 8, 0, 4))
    assert made.shape == (1, 16, 8, 2)
    # 3/4 and 1/4 of neighbors, of which those beyond the edges are 0
    np.testing.assert_allclose(made[0, 7, :, 1], [3, 5, 7, 6, 2, 1, 3, 3], atol=1e-6)
    np.testing.assert_allclose(made[0, :2, 2, 0], [0.75 * 7, 7], atol=1e-6)


def test_halving_weighs_four_pixels():
    made = FilteredDownsampling2D()(row(4, 8, 0, 4, 8, 0, 8, 8))
    assert made.shape == (1, 4, 4, 2)
    # (0 + 3 4 + 3 8 + 0) / 8, (8 + 0 + 3 4 + 8) / 8, (4 + 3 8 + 0 + 8) / 8, (0 + 3 8 + 3 8 + 0) / 8
    np.testing.assert_allclose(made[0, 1, :, 0], [4.5, 3.5, 4.5, 6], atol=1e-6)


def test_a_constant_stays_constant_inside():
    ones = tf.ones((2, 6, 6, 3))
    for made in (FilteredUpsampling2D()(ones), FilteredDownsampling2D()(ones)):
        np.testing.assert_allclose(made[:, 1:-1, 1:-1], 1, atol=1e-6)


@pytest.mark.parametrize("margins, gain, length", [((1, 1), 4.0, 7), ((2, 2), 1.0, 9)])
def test_a_blurred_dot_is_the_filter(margins, gain, length):
    dot = np.zeros((1, 8, 8, 1), np.float32)
    dot[0, 4, 4] = 64
    made = blur(tf.constant(dot), margins, gain)
    assert made.shape == (1, length, length, 1)
    first = 1 + margins[0]  # the filter begins 3 before the dot
    taps = np.array([1, 3, 3, 1])
    expected = gain * np.outer(taps, taps)
    np.testing.assert_allclose(made[0, first : first + 4, first : first + 4, 0], expected)
    assert float(tf.reduce_sum(made)) == pytest.approx(64 * gain)


@pytest.mark.parametrize("layer", [FilteredUpsampling2D(), FilteredDownsampling2D()])
def test_shapes_are_known_without_computing(layer):
    x = tf.zeros((2, 6, 4, 3))
    assert tuple(layer(x).shape) == layer.compute_output_shape((2, 6, 4, 3))


@pytest.mark.parametrize(
    "operation",
    [
        lambda x: blur(x, (1, 1), gain=4.0),
        lambda x: blur(x, (2, 2)),
        FilteredUpsampling2D().call,
        FilteredDownsampling2D().call,
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_gradients_of_both_orders_are_those_of_a_linear_function(operation, dtype):
    x, other = tf.cast(tf.random.stateless_normal((2, 2, 6, 4, 3), (0, 1)), dtype)
    loose, change = {"float64": 1e-9, "float32": 1e-5, "bfloat16": 0.03}[dtype], operation(other)
    with tf.GradientTape() as outer:
        outer.watch(change)
        with tf.GradientTape() as tape:
            tape.watch(x)
            made = operation(x)
        gradient = tape.gradient(made, x, change)
    second = outer.gradient(gradient, change, other)

    def product(one, other):
        return np.sum(np.float64(one) * np.float64(other))

    assert gradient.shape == x.shape and gradient.dtype == dtype
    # <A x, A y> = <x, A^T A y>, and the gradient of <A^T z, y> by z is A y
    assert product(gradient, x) == pytest.approx(product(made, change), rel=loose)
    np.testing.assert_allclose(np.float64(second), np.float64(change), atol=loose, rtol=loose)
