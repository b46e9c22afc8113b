"""Doubling and halving of feature maps."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.layers import to_keras_layers
from gan_tf.networks.resampling import (
    UpSampling2D,
    cropped_like,
    downsampling,
    pixel_shuffle,
    spread,
    upsampling,
)
from gan_tf.networks.spectral import SpectralNormalization


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


@pytest.mark.parametrize("kind", ["transposed", "pixel_shuffle", "nearest", "bilinear"])
def test_upsampling_maps_of_any_size_equals_that_of_fixed_ones(kind):
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype("float32")
    made = []
    for size in ((3, 5), (None, None)):
        inputs = keras.Input((*size, 4))
        made.append(keras.Model(inputs, upsampling(kind, 5, plain)(inputs)))
    made[1].set_weights(made[0].get_weights())
    assert made[1].output_shape == (None, None, None, 5)
    signature = [tf.TensorSpec((None, None, None, 4))]
    traced = tf.function(made[1], input_signature=signature)
    np.testing.assert_allclose(traced(x), made[0](x), atol=1e-6)


def derivatives(network, x):
    """The output of a network, the gradients of a function of it, and one of the second order."""
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = network(x)
            loss = tf.reduce_sum(tf.sin(y))
        first = inner.gradient(loss, [x, *network.trainable_variables])
        penalty = tf.reduce_sum(first[0] ** 2)
    return [y, *first, *outer.gradient(penalty, [x, network.trainable_variables[0]])]


@pytest.mark.parametrize("odd", [False, True])
def test_nearest_neighbors_and_a_convolution_are_computed_as_one(float64, odd):
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    inputs = keras.Input(x.shape[1:])
    ours = keras.Model(inputs, upsampling("nearest", 6, plain, odd)(inputs))
    y = keras.layers.Conv2D(6, 3, padding="same")(keras.layers.UpSampling2D(2)(inputs))
    stock = keras.Model(inputs, y[:, :-1, :-1] if odd else y)
    stock.set_weights(ours.get_weights())
    for mine, theirs in zip(derivatives(ours, x), derivatives(stock, x), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)
    graph = tf.function(ours).get_concrete_function(tf.TensorSpec(x.shape, "float64")).graph
    assert "Conv2D" not in {each.type for each in graph.get_operations()}


@pytest.mark.parametrize("size, fused", [((4, 6), True), ((4, 5), False)])
def test_a_convolution_and_the_mean_of_its_outputs_are_computed_as_one(float64, size, fused):
    x = np.random.default_rng(0).normal(size=(2, *size, 4))
    inputs = keras.Input(x.shape[1:])
    ours = keras.Model(inputs, downsampling("average_pool", 6, plain)(inputs))
    y = keras.layers.Conv2D(6, 3, padding="same")(inputs)
    stock = keras.Model(inputs, keras.layers.AveragePooling2D(2, padding="same")(y))
    stock.set_weights(ours.get_weights())
    for mine, theirs in zip(derivatives(ours, x), derivatives(stock, x), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)
    graph = tf.function(ours).get_concrete_function(tf.TensorSpec(x.shape, "float64")).graph
    assert ("AvgPool" in {each.type for each in graph.get_operations()}) != fused


@pytest.mark.parametrize(
    "function, kind, names",
    [
        (upsampling, "nearest", ["UpSampling2D", "Conv2D"]),
        (downsampling, "average_pool", ["Conv2D", "AveragePooling2D"]),
    ],
)
def test_a_plain_copy_has_both_layers_of_keras(function, kind, names):
    inputs = keras.Input((4, 6, 4))
    ours = keras.Model(inputs, function(kind, 6, SpectralNormalization)(inputs))
    copy = to_keras_layers(ours)
    assert [type(each).__name__ for each in copy.layers[1:]] == names
    x = np.random.default_rng(0).normal(size=(2, 4, 6, 4)).astype("float32")
    np.testing.assert_allclose(copy(x), ours(x), atol=1e-5)


def test_the_transposed_kernel_has_the_size_asked_for():
    inputs = keras.Input((3, 3, 4))
    for size in (3, 4):
        up = upsampling("transposed", 5, plain, transposed_kernel=size, use_bias=False)
        network = keras.Model(inputs, up(inputs))
        assert network.output_shape == (None, 6, 6, 5)
        assert network.count_params() == size * size * 4 * 5


@pytest.mark.parametrize("size", [(4, 6), (None, None)])
def test_cropping_drops_the_last_rows_and_columns(size):
    larger, smaller = (
        keras.Input((*size, 2)),
        keras.Input((*(each and each - 1 for each in size), 3)),
    )
    model = keras.Model([larger, smaller], cropped_like(larger, smaller))
    x = np.arange(48, dtype="float32").reshape(1, 4, 6, 2)
    cropped = model([x, np.zeros((1, 3, 5, 3), "float32")])
    np.testing.assert_array_equal(cropped, x[:, :3, :5])
    assert model.output_shape == (None, *(each and each - 1 for each in size), 2)


def test_maps_of_the_same_size_are_not_cropped():
    one, other = keras.Input((4, 6, 2)), keras.Input((4, 6, 3))
    assert cropped_like(one, other) is one


def test_bilinear_upsampling_is_that_of_keras_in_any_precision():
    x = tf.constant(np.random.default_rng(0).normal(size=(2, 3, 5, 1)), "float32")
    ours = UpSampling2D(2, interpolation="bilinear", dtype="mixed_bfloat16")
    stock, weights = ours.keras_layer()
    assert type(stock) is keras.layers.UpSampling2D and weights == []
    signature = [tf.TensorSpec((None, None, None, 1))]
    traced = tf.function(ours, input_signature=signature)(x)
    assert traced.dtype == "bfloat16"
    np.testing.assert_allclose(tf.cast(traced, "float32"), stock(x), atol=0.02)


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


def test_a_vector_is_spread_over_a_map_also_of_unknown_size():
    vector, map_ = keras.Input((1, 1, 2)), keras.Input((3, 4, 5))
    known = keras.Model([vector, map_], spread(vector, map_))
    anywhere = keras.Input((None, None, 5))
    unknown = keras.Model([vector, anywhere], spread(vector, anywhere))
    given = np.arange(4.0).reshape(2, 1, 1, 2), np.zeros((2, 3, 4, 5))
    for network in (known, unknown):
        np.testing.assert_array_equal(network(given), np.tile(given[0], (1, 3, 4, 1)))
    pixel = keras.Input((1, 1, 5))
    assert spread(vector, pixel) is vector


def test_nearest_neighbors_are_keras_s_and_keep_the_size():
    x = tf.random.stateless_normal((2, 3, 4, 5), (0, 0))
    ours, stock = UpSampling2D((2, 3)), keras.layers.UpSampling2D((2, 3))
    weights = tf.random.stateless_normal((2, 6, 12, 5), (0, 1))
    found = []
    for layer in (ours, stock):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
            total = tf.reduce_sum(weights * y)
        found.append((np.asarray(y), np.asarray(tape.gradient(total, x))))
    np.testing.assert_array_equal(found[0][0], found[1][0])
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-6, atol=1e-6)
    traced = tf.function(ours.__call__).get_concrete_function(tf.TensorSpec((None, 3, 4, 5)))
    assert traced.structured_outputs.shape == (None, 6, 12, 5)
