"""Doubling and halving of feature maps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.resampling import downsampling, pixel_shuffle, upsampling


def applied(function, x):
    inputs = keras.Input(x.shape[1:])
    return np.asarray(keras.Model(inputs, function(inputs))(x))


def plain(layer):
    return layer


def test_pixel_shuffle_lays_channels_out_as_pixels():
    x = np.arange(4, dtype="float32").reshape(1, 1, 1, 4)
    np.testing.assert_array_equal(applied(pixel_shuffle, x)[0, :, :, 0], [[0, 1], [2, 3]])
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 12)).astype("float32")
    np.testing.assert_array_equal(applied(pixel_shuffle, x), tf.nn.depth_to_space(x, 2))


@pytest.mark.parametrize("kind", ["transposed", "pixel_shuffle", "nearest", "bilinear"])
def test_upsampling_doubles(kind):
    x = np.ones((2, 3, 3, 4), "float32")
    assert applied(upsampling(kind, 5, plain), x).shape == (2, 6, 6, 5)


@pytest.mark.parametrize("kind", ["strided", "average_pool", "max_pool"])
@pytest.mark.parametrize("size, half", [(6, 3), (7, 4)])
def test_downsampling_halves_rounding_up(kind, size, half):
    x = np.ones((2, size, size, 4), "float32")
    assert applied(downsampling(kind, 5, plain), x).shape == (2, half, half, 5)


def test_pooling_takes_the_mean_or_the_greatest_of_what_is_convolved():
    x = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)

    def identity(kind):
        kernel = np.zeros((3, 3, 1, 1))
        kernel[1, 1] = 1
        return downsampling(kind, 1, plain, kernel_initializer=lambda *_, **__: kernel)

    mean, greatest = (
        applied(identity(kind), x)[0, ..., 0] for kind in ("average_pool", "max_pool")
    )
    np.testing.assert_allclose(mean, [[2.5, 4.5], [10.5, 12.5]])
    np.testing.assert_allclose(greatest, [[5, 7], [13, 15]])


def test_unknown_kinds_are_refused():
    with pytest.raises(UserError, match="Unknown upsampling 'bicubic'; choose from: transposed"):
        upsampling("bicubic", 5, plain)
    with pytest.raises(UserError, match="Unknown downsampling 'median'; choose from: strided"):
        downsampling("median", 5, plain)
