"""Layers against their Keras counterparts."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.layers import (
    BatchNormalization,
    Packing,
    SpectralNormalization,
    as_stock,
    normalization,
    spectral,
)


def pair(dtype="float32", **arguments):
    """The layer and its Keras counterpart, with the same random weights."""
    rng = np.random.default_rng(0)
    weights = [rng.uniform(0.5, 1.5, 6) for _ in range(4)]
    both = []
    for kind in (BatchNormalization, keras.layers.BatchNormalization):
        layer = kind(dtype=dtype, **arguments)
        layer.build((None, 5, 4, 6))
        layer.set_weights(weights)
        both.append(layer)
    return both


def inputs(seed=1):
    values = np.random.default_rng(seed).normal(0.3, 2, (7, 5, 4, 6))
    return tf.constant(values, tf.float32)


def outputs_and_gradients(layer, x, training):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, training=training)
        target = tf.reduce_sum(tf.cast(y, tf.float32) ** 3)
    gradients = tape.gradient(target, [x, layer.gamma.value, layer.beta.value])
    return [np.asarray(each, np.float32) for each in (y, *gradients)]


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_equals_keras_in_outputs_and_gradients(training):
    x = inputs()
    ours, stock = (outputs_and_gradients(each, x, training) for each in pair())
    for mine, theirs in zip(ours, stock):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4 * np.abs(theirs).max())


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_equals_keras_in_bfloat16_to_its_precision(training):
    x = inputs()
    ours, stock = (
        outputs_and_gradients(each, x, training) for each in pair(dtype="mixed_bfloat16")
    )
    for mine, theirs in zip(ours, stock):
        np.testing.assert_allclose(mine, theirs, rtol=0.03, atol=0.03 * np.abs(theirs).max())


def test_batch_norm_keeps_the_moving_statistics_of_keras():
    ours, stock = pair(momentum=0.9)
    for seed in range(3):
        ours(inputs(seed), training=True)
        stock(inputs(seed), training=True)
    np.testing.assert_allclose(ours.moving_mean, stock.moving_mean, rtol=1e-5)
    np.testing.assert_allclose(ours.moving_variance, stock.moving_variance, rtol=1e-5)


def test_batch_norm_can_be_differentiated_twice():
    x = inputs()
    results = []
    for layer in pair():
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.reduce_sum(layer(x, training=True) ** 3)
            penalty = tf.reduce_sum(inner.gradient(y, x) ** 2)
        results.append(np.asarray(outer.gradient(penalty, x)))
    scale = np.abs(results[1]).max()
    np.testing.assert_allclose(*results, rtol=1e-3, atol=1e-4 * scale)


def test_batch_norm_runs_the_keras_code_where_the_kernel_does_not_apply():
    x = tf.random.stateless_normal((8, 6), (1, 2))
    ours, stock = BatchNormalization(), keras.layers.BatchNormalization()
    np.testing.assert_allclose(ours(x, training=True), stock(x, training=True), atol=1e-6)


def test_a_frozen_batch_norm_uses_and_keeps_its_moving_statistics():
    layer, _ = pair()
    layer.trainable = False
    before = np.asarray(layer.moving_mean)
    frozen = layer(inputs(), training=True)
    np.testing.assert_allclose(frozen, layer(inputs(), training=False))
    np.testing.assert_array_equal(layer.moving_mean, before)


def test_as_stock_gives_the_same_model_of_plain_float32_keras_layers(tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator = DCGAN(width=4).generator((28, 28, 1), 10)
    finally:
        keras.config.set_dtype_policy("float32")
    stock = as_stock(generator)
    assert {type(layer).__module__.split(".")[0] for layer in stock.layers} == {"keras"}
    assert {layer.compute_dtype for layer in stock.layers} == {"float32"}
    latents = keras.random.normal((3, 10), seed=0)
    np.testing.assert_allclose(stock(latents), generator(latents), atol=0.02)


LINEAR = [
    (lambda: keras.layers.Dense(5), (7,)),
    (lambda: keras.layers.Conv2D(5, 3, strides=2, padding="same"), (6, 6, 2)),
]


@pytest.mark.parametrize("make, shape", LINEAR, ids=["dense", "convolution"])
def test_spectral_norm_divides_by_the_largest_singular_value(make, shape):
    layer = SpectralNormalization(make())
    x = keras.random.normal((4, *shape), seed=0)
    for _ in range(50):
        layer(x, training=True)
    layer.bias.assign(np.arange(5.0))
    kernel = layer.layer.kernel.numpy()
    largest = np.linalg.svd(kernel.reshape(-1, 5), compute_uv=False)[0]
    plain = make()
    plain.build((None, *shape))
    plain.set_weights([kernel / largest, np.arange(5.0)])
    np.testing.assert_allclose(layer(x), plain(x), atol=1e-5)


def test_the_gradient_flows_through_the_spectral_norm():
    """dL/dW = (G - (sum G*W/s) u v^T) / s at s = u^T W v (Miyato et al., equation 12)."""
    layer = SpectralNormalization(keras.layers.Dense(3))
    x = keras.random.normal((4, 5), seed=0)
    for _ in range(200):
        layer(x, training=True)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) ** 2)
    kernel = layer.layer.kernel
    w = kernel.numpy()
    u, s, vt = np.linalg.svd(w)
    g = 2 * x.numpy().T @ (x.numpy() @ w / s[0])  # with respect to the normalised kernel
    expected = (g - np.sum(g * w / s[0]) * np.outer(u[:, 0], vt[0])) / s[0]
    np.testing.assert_allclose(tape.gradient(loss, kernel.value), expected, rtol=1e-3, atol=1e-3)


def test_spectral_norm_iterates_while_training_only():
    layer = SpectralNormalization(keras.layers.Dense(3))
    x = keras.random.normal((4, 5), seed=0)
    layer(x)
    before = layer.direction.numpy()
    layer(x)
    np.testing.assert_array_equal(layer.direction.numpy(), before)
    layer(x, training=True)
    assert np.any(layer.direction.numpy() != before)


def test_spectral_norm_can_be_differentiated_twice_saved_and_used_in_bfloat16(tmp_path):
    for dtype in ("float32", "mixed_bfloat16"):
        inputs = keras.Input((6, 6, 2))
        x = SpectralNormalization(keras.layers.Conv2D(4, 3, dtype=dtype), dtype=dtype)(inputs)
        model = keras.Model(inputs, keras.layers.Flatten(dtype="float32")(x))
        images = keras.random.normal((3, 6, 6, 2), seed=0)
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(images)
                y = tf.reduce_sum(tf.cast(model(images, training=True), tf.float32) ** 2)
            penalty = tf.reduce_sum(inner.gradient(y, images) ** 2)
        gradients = outer.gradient(penalty, model.trainable_variables)
        assert all(np.isfinite(each).all() for each in gradients)
        model.save(tmp_path / "model.keras")
        loaded = keras.models.load_model(tmp_path / "model.keras")
        np.testing.assert_array_equal(loaded(images), model(images))


def test_whose_layers_are_normalised():
    assert spectral("discriminator", "discriminator") is SpectralNormalization
    layer = keras.layers.Dense(3)
    assert spectral("discriminator", "generator")(layer) is layer
    assert spectral("none", "discriminator")(layer) is layer
    with pytest.raises(UserError, match="none, discriminator"):
        spectral("generators", "discriminator")


def test_the_kinds_of_normalization():
    x = keras.random.normal((4, 3, 3, 2), seed=0) * 3 + 1
    assert normalization("none") is None
    by_batch = normalization("batch", momentum=0.9)(x, training=True)
    np.testing.assert_allclose(np.mean(by_batch, (0, 1, 2)), 0, atol=1e-5)
    by_image = normalization("layer")(x)
    np.testing.assert_allclose(np.mean(by_image, (1, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(np.std(by_image, (1, 2, 3)), 1, atol=1e-3)
    with pytest.raises(UserError, match="batch, layer, none"):
        normalization("instances")


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3)])
def test_packing_lays_the_channels_of_consecutive_samples_side_by_side(shape):
    samples = np.arange(4 * np.prod(shape)).reshape(4, *shape).astype("float32")
    packed = np.asarray(Packing(2)(samples))
    expected = [np.concatenate(pair, axis=-1) for pair in (samples[:2], samples[2:])]
    np.testing.assert_array_equal(packed, expected)
    assert Packing(2).compute_output_shape((None, *shape)) == (None, *shape[:-1], 6)
    assert Packing(2).compute_output_shape((4, *shape)) == packed.shape
