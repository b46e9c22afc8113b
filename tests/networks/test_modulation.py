"""Layers of style-based generators."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.networks.filtering import FilteredUpsampling2D
from gan_tf.networks.modulation import LearnedMap, MapNoise, ModulatedConv2D, Style


def inputs(channels=4, size=6):
    x = keras.random.normal((3, size, size, channels), seed=0)
    return x, 1 + keras.random.normal((3, channels), seed=1)


def by_definition(layer, x, style, upsample=False):
    """A kernel for each image: scaled by its style, and divided by the norm of each output."""
    kernel = np.asarray(layer.kernel) / np.sqrt(np.prod(layer.kernel.shape[:3]))
    rows = []
    for image, scales in zip(x, np.asarray(style)):
        own = kernel * scales[:, None]
        if layer.demodulate:
            own = own / np.sqrt((own**2).sum((0, 1, 2)) + 1e-8)
        image = image[None]
        if (
            upsample
        ):  # a transposed convolution with w is a convolution with w turned by 180 degrees
            image, own = FilteredUpsampling2D()(image), own[::-1, ::-1]
        rows.append(tf.nn.conv2d(image, own, 1, "SAME")[0] + np.asarray(layer.bias))
    return np.stack(rows)


@pytest.mark.parametrize("size, demodulate", [(3, True), (1, False)])
def test_scaling_inputs_and_outputs_is_having_kernels_for_each_image(size, demodulate):
    layer = ModulatedConv2D(5, size, demodulate=demodulate, bias_start=0.5)
    x, style = inputs()
    np.testing.assert_allclose(layer([x, style]), by_definition(layer, x, style), atol=1e-5)


def test_upsampling_is_that_of_the_filter_followed_by_the_convolution():
    layer, (x, style) = ModulatedConv2D(5, up=True), inputs()
    made = layer([x, style])
    assert made.shape == (3, 12, 12, 5)
    expected = by_definition(layer, x, style, upsample=True)
    # At the edges the convolution comes first, and sees what the other cuts off.
    np.testing.assert_allclose(made[:, 2:-2, 2:-2], expected[:, 2:-2, 2:-2], atol=1e-5)


def test_demodulated_outputs_have_the_variance_of_the_inputs():
    layer = ModulatedConv2D(64)
    x = keras.random.normal((4, 16, 16, 32), seed=0)
    style = keras.ops.exp(3 * keras.random.normal((4, 32), seed=1))
    made = layer([x, style])[:, 1:-1, 1:-1]
    deviations = np.std(np.asarray(made), axis=(1, 2, 3))
    np.testing.assert_allclose(deviations, 1, atol=0.2)


def test_in_float16_large_styles_do_not_overflow():
    layer = ModulatedConv2D(8, dtype="float16")
    x, style = inputs()
    made = np.float32(layer([x, 1e4 * style]))
    np.testing.assert_allclose(made, by_definition(layer, x, style), atol=0.02)


def test_in_float16_the_largest_maps_do_not_overflow():
    layer = ModulatedConv2D(2, dtype="float16")
    x = tf.fill((1, 3, 3, 100), 256.0)  # the most that an activation is
    layer.build([x.shape, (1, 100)])
    layer.kernel.assign(tf.ones(layer.kernel.shape))
    made = layer([x, tf.ones((1, 100))])[0, 1, 1]
    np.testing.assert_allclose(made, [256 * 900 / 30] * 2, rtol=0.01)  # the norm is 30


def test_in_float16_images_are_limited():
    layer = ModulatedConv2D(2, 1, demodulate=False, dtype="float16")
    x = tf.constant([[[[200.0] * 4]], [[[1.0] * 4]], [[[-200.0] * 4]]])
    layer.build([x.shape, (3, 4)])
    layer.kernel.assign(tf.ones(layer.kernel.shape))
    made = layer([x, tf.ones((3, 4))])[:, 0, 0, 0]
    np.testing.assert_allclose(made, [256, 2, -256])  # sums divided by sqrt(4)


def test_noise_is_drawn_in_training_and_constant_in_use():
    layer = MapNoise(seed=3)
    x = tf.ones((4, 8, 8, 5))
    np.testing.assert_array_equal(layer(x, training=True), x)  # the strength is 0
    layer.strength.assign(2.0)
    used = [np.asarray(layer(x)) for _ in range(2)]
    np.testing.assert_array_equal(*used)
    np.testing.assert_array_equal(used[0][0], used[0][3])
    np.testing.assert_allclose(used[0][..., 4], 1 + 2 * layer.noise.numpy()[..., 0] + 0 * x[..., 4])
    trained = [np.asarray(layer(x, training=True)) for _ in range(2)]
    np.testing.assert_array_equal(trained[0][..., 0], trained[0][..., 4])  # of all channels
    assert np.all(trained[0][0] != trained[0][1]) and np.all(trained[0] != trained[1])
    assert trained[0].mean() == pytest.approx(1, abs=0.5) and trained[0].std() > 1.5


def test_a_style_is_1_at_first_and_affine_in_its_row():
    layer = Style(6, row=1)
    rows = keras.random.normal((3, 4, 5), seed=0)
    made = layer(rows)
    expected = 1 + np.asarray(rows)[:, 1] @ np.asarray(layer.kernel) / np.sqrt(5)
    np.testing.assert_allclose(made, expected, atol=1e-5)
    np.testing.assert_allclose(layer(tf.zeros((3, 4, 5))), 1)


@pytest.mark.parametrize(
    "layer, shape",
    [
        (Style(3, row=1), (2, 4, 3)),
        (LearnedMap((4, 4, 2)), (2, 5)),
        (MapNoise(seed=2), (2, 4, 4, 3)),
    ],
)
def test_layers_are_made_again_of_their_configuration(layer, shape):
    x = keras.random.normal(shape, seed=0)
    made = layer(x)
    copy = type(layer).from_config(layer.get_config())
    copy(x)
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(copy(x), made)
    assert tuple(made.shape) == layer.compute_output_shape(shape)
