"""Spectral normalization against singular value decompositions."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.spectral import SpectralNormalization, spectral

LINEAR = [
    (lambda: keras.layers.Dense(5), (7,)),
    (lambda: keras.layers.Conv2D(5, 3, strides=2, padding="same"), (6, 6, 2)),
]


@pytest.mark.parametrize("make, shape", LINEAR, ids=["dense", "convolution"])
def test_spectral_norm_divides_by_the_largest_singular_value(make, shape):
    layer = SpectralNormalization(make())
    x = keras.random.normal((4, *shape), seed=0)
    layer.build(x.shape)
    layer.layer.kernel.assign(layer.layer.kernel * np.array([3.0, 1, 1, 1, 1]))
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
    g = 2 * x.numpy().T @ (x.numpy() @ w / s[0])  # with respect to the normalized kernel
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


def test_spectral_norm_of_a_transposed_convolution_has_the_outputs_where_its_kernel_has_them():
    """The kernel is (height, width, outputs, inputs); the matrix has a column for each output."""
    layer = SpectralNormalization(keras.layers.Conv2DTranspose(5, 4, strides=2, padding="same"))
    x = keras.random.normal((4, 6, 6, 2), seed=0)
    layer.build(x.shape)
    # One output of large values: far from the second singular value the iteration converges soon.
    layer.layer.kernel.assign(layer.layer.kernel * np.array([3.0, 1, 1, 1, 1])[:, None])
    for _ in range(50):
        layer(x, training=True)
    layer.bias.assign(np.arange(5.0))
    kernel = layer.layer.kernel.numpy()
    assert kernel.shape == (4, 4, 5, 2)
    largest = np.linalg.svd(kernel.transpose(0, 1, 3, 2).reshape(-1, 5), compute_uv=False)[0]
    plain = keras.layers.Conv2DTranspose(5, 4, strides=2, padding="same")
    plain.build(x.shape)
    plain.set_weights([kernel / largest, np.arange(5.0)])
    np.testing.assert_allclose(layer(x), plain(x), atol=1e-5)


@pytest.mark.parametrize(
    "kind, network, wraps",
    [
        ("none", "discriminator", False),
        ("discriminator", "discriminator", True),
        ("discriminator", "generator", False),
        ("generator", "generator", True),
        ("generator", "discriminator", False),
        ("both", "generator", True),
        ("both", "discriminator", True),
    ],
)
def test_whose_layers_are_normalized(kind, network, wraps):
    layer = keras.layers.Dense(3)
    wrapped = spectral(kind, network)(layer)
    assert isinstance(wrapped, SpectralNormalization) if wraps else wrapped is layer


def test_an_unknown_network_is_refused():
    with pytest.raises(UserError, match="none, discriminator, generator, both"):
        spectral("generators", "discriminator")
