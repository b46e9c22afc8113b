"""Layers with equalized learning rates."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.networks.equalized import GAIN, EqualizedConv2D, EqualizedDense, ScaledLeakyReLU
from gan_tf.networks.filtering import FilteredUpsampling2D, blur


def test_the_kernel_is_scaled_where_it_is_used():
    layer = EqualizedDense(200, rate=0.01)
    x = keras.random.normal((50, 100), seed=0)
    layer(x)
    kernel = np.asarray(layer.kernel)
    assert kernel.std() == pytest.approx(100, rel=0.02)  # 1 / rate
    layer.bias.assign(np.full(200, 5.0))
    # rate / sqrt(fan-in) = 0.01 / 10, and the bias times the rate
    np.testing.assert_allclose(layer(x), x @ kernel * 0.001 + 0.05, rtol=1e-4, atol=1e-4)


def test_adam_changes_what_is_used_by_the_rate():
    moves = []
    for rate in (1.0, 0.01):
        layer = EqualizedDense(1, rate=rate)
        layer.build((1, 1))
        before = float(layer.scaled_kernel()[0, 0])
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(layer(tf.ones((1, 1))))
        optimizer = keras.optimizers.Adam(0.1, epsilon=1e-12)
        gradients = tape.gradient(loss, layer.trainable_variables)
        optimizer.apply(gradients, layer.trainable_variables)
        moves.append(before - float(layer.scaled_kernel()[0, 0]))
    assert moves == pytest.approx([0.1, 0.001], rel=1e-3)


@pytest.mark.parametrize("size", [1, 3])
def test_a_convolution_is_that_of_its_scaled_kernel(size):
    layer, x = EqualizedConv2D(5, size), keras.random.normal((2, 6, 6, 4), seed=0)
    made = layer(x)
    kernel = np.asarray(layer.kernel) / np.sqrt(size * size * 4)
    np.testing.assert_allclose(made, tf.nn.conv2d(x, kernel, 1, "SAME"), atol=1e-5)
    assert float(tf.math.reduce_std(made)) == pytest.approx(1, rel=0.3)


def test_a_halving_convolution_blurs_first():
    layer, x = EqualizedConv2D(5, 3, down=True), keras.random.normal((2, 8, 8, 4), seed=0)
    made = layer(x)
    assert made.shape == (2, 4, 4, 5) == layer.compute_output_shape((2, 8, 8, 4))
    kernel = np.asarray(layer.kernel) / 6
    expected = tf.nn.conv2d(blur(x, (2, 2)), kernel, 2, "VALID")
    np.testing.assert_allclose(made, expected, atol=1e-5)


def test_the_activation_keeps_the_variance():
    x = keras.random.normal((1000, 100), seed=0)
    made = ScaledLeakyReLU()(x)
    np.testing.assert_allclose(made, np.where(x > 0, x, 0.2 * x) * np.sqrt(2), rtol=1e-5)
    assert float(tf.reduce_mean(made**2)) == pytest.approx(1.04, rel=0.02)


def test_a_gain_before_the_activation_is_one_after_it():
    x = keras.random.normal((2, 6, 6, 4), seed=0)
    one, other = EqualizedConv2D(5, 3), EqualizedConv2D(5, 3, gain=GAIN)
    expected = ScaledLeakyReLU()(one(x) + 0.3)
    other.build(x.shape)
    other.set_weights([one.kernel, np.full(5, 0.3)])
    np.testing.assert_allclose(ScaledLeakyReLU(gain=1.0)(other(x)), expected, atol=1e-5)


def test_only_float16_is_limited():
    x = tf.constant([[1000.0, -5000.0]])
    np.testing.assert_allclose(ScaledLeakyReLU()(x), [[1414.2136, -1414.2136]], rtol=1e-5)
    np.testing.assert_array_equal(ScaledLeakyReLU(dtype="float16")(x), [[256, -256]])


@pytest.mark.parametrize(
    "layer, shape",
    [
        (EqualizedDense(3, rate=0.5, bias_start=2.0), (2, 4)),
        (EqualizedConv2D(3, 3, down=True, use_bias=False, gain=2.0), (2, 4, 4, 2)),
        (ScaledLeakyReLU(gain=3.0), (2, 3)),
        (FilteredUpsampling2D(), (2, 4, 4, 2)),
    ],
)
def test_layers_are_made_again_of_their_configuration(layer, shape):
    x = keras.random.normal(shape, seed=0)
    made = layer(x)
    copy = type(layer).from_config(layer.get_config())
    copy(x)
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(copy(x), made)
