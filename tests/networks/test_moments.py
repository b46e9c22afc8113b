"""Keras's normalization layers with exact moments, and second derivatives of all layers."""

import functools
import inspect

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.gans.standard import GAN
from gan_tf.losses.penalties import gradient_norms
from gan_tf.modalities.griffin_lim import GriffinLim
from gan_tf.networks.color import LightnessColor
from gan_tf.networks.convolution import Conv2D, Conv2DTranspose, PooledConv2D, UpSampledConv2D
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.equalized import EqualizedConv2D, EqualizedDense, ScaledLeakyReLU
from gan_tf.networks.filtering import FilteredDownsampling2D, FilteredUpsampling2D
from gan_tf.networks.gumbel_lstm import Writer
from gan_tf.networks.language_model import LanguageModel
from gan_tf.networks.layers import LeakyReLU, MinibatchStddev, Packing
from gan_tf.networks.mlp import MLP
from gan_tf.networks.modulation import LearnedMap, MapNoise, ModulatedConv2D, Style
from gan_tf.networks.moments import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    differentiate_twice,
    moments,
    widened,
)
from gan_tf.networks.normalization import Examples, Reference, VirtualBatchNormalization
from gan_tf.networks.phase_shuffle import PhaseShuffle
from gan_tf.networks.relaxation import Columns, Relaxation
from gan_tf.networks.resampling import (
    CropLike,
    DoneAveragePooling2D,
    PixelShuffle,
    PostponedUpSampling2D,
    SpreadLike,
    UpSampling2D,
)
from gan_tf.networks.resnet import ResNet
from gan_tf.networks.spectral import SpectralNormalization
from gan_tf.networks.styles import InRange, MeanW, Truncation
from gan_tf.networks.videos import RandomFrames
from gan_tf.tricks.noise import ConstantDropout
from gan_tf.tricks.styles import MixedRows, NextRow


def test_the_variance_by_hand():
    """x = 1, 2, 4, 8: the Hessian of the variance is 2 / n (I - 1 / n)."""
    x = tf.constant([[1.0, 2.0, 4.0, 8.0]])
    mean, variance = moments(x, [1])
    assert (mean.numpy().item(), variance.numpy().item()) == (3.75, 7.1875)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            variance = moments(x, [1], keepdims=False)[1]
        gradient = inner.gradient(variance, x)[0]
    hessian = outer.jacobian(gradient, x)[:, 0]
    np.testing.assert_allclose(gradient, 0.5 * (x[0] - 3.75), rtol=1e-6)
    np.testing.assert_allclose(hessian, 0.5 * (np.eye(4) - 0.25), atol=1e-6)


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


@pytest.mark.parametrize(
    "ours, shape",
    [
        (lambda **options: GroupNormalization(groups=3, epsilon=1e-4, **options), (5, 4, 6)),
        (lambda **options: GroupNormalization(groups=-1, **options), (5, 4, 6)),
        (lambda **options: GroupNormalization(groups=1, axis=1, center=False, **options), (6, 3)),
        (lambda **options: LayerNormalization(axis=(1, 3), scale=False, **options), (5, 4, 6)),
        (lambda **options: LayerNormalization(epsilon=1e-4, **options), (6,)),
    ],
)
@pytest.mark.parametrize("dtype, atol", [("float32", 1e-5), ("mixed_bfloat16", 0.02)])
def test_normalization_equals_keras_in_outputs_and_first_derivatives(ours, shape, dtype, atol):
    rng = np.random.default_rng(0)
    layer = ours(dtype=dtype)
    layer.build((None, *shape))
    layer.set_weights([rng.uniform(0.5, 1.5, each.shape) for each in layer.weights])
    stock, weights = layer.keras_layer()
    stock.build((None, *shape))
    stock.set_weights(weights)
    assert type(stock).__module__.startswith("keras.")
    x = tf.constant(rng.normal(0.3, 2, (7, *shape)), tf.float32)
    results = []
    for each in (layer, stock):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.cast(each(x), tf.float32)
            target = tf.reduce_sum(y**3)
        results.append((y, tape.gradient(target, x)))
    assert layer.compute_dtype == layer(x).dtype
    for mine, theirs in zip(*results):
        np.testing.assert_allclose(mine, theirs, atol=10 * atol * np.abs(theirs).max())


# {class: what to put between two dense layers or convolutions}; see `differentiated`.
LAYERS = {
    BatchNormalization: lambda: BatchNormalization(),
    GroupNormalization: lambda: GroupNormalization(groups=2),
    LayerNormalization: lambda: LayerNormalization(),
    VirtualBatchNormalization: lambda: VirtualBatchNormalization(3),
    RandomFrames: lambda: lambda x: RandomFrames()(keras.ops.stack([x, x], axis=1))[:, 0],
    LeakyReLU: lambda: LeakyReLU(0.2),
    MinibatchStddev: lambda: MinibatchStddev(2),
    Packing: lambda: Packing(2),
    Conv2D: lambda: Conv2D(5, 4, 2, "same"),
    Conv2DTranspose: lambda: Conv2DTranspose(5, 4, 2, "same"),
    SpectralNormalization: lambda: SpectralNormalization(keras.layers.Conv2D(5, 3)),
    ConstantDropout: lambda: ConstantDropout(0.0),
    Reference: lambda: Reference(2),
    Examples: lambda: Examples(start=1),
    PixelShuffle: lambda: PixelShuffle(),
    CropLike: lambda: lambda x: CropLike()([x, keras.layers.Cropping2D(((0, 1), (0, 2)))(x)]),
    SpreadLike: lambda: lambda x: SpreadLike()([keras.ops.mean(x, (1, 2), keepdims=True), x]),
    UpSampling2D: lambda: UpSampling2D(),
    PostponedUpSampling2D: lambda: PostponedUpSampling2D(),
    UpSampledConv2D: lambda: UpSampledConv2D(5, 3, padding="same"),
    PooledConv2D: lambda: PooledConv2D(5, 3, padding="same"),
    DoneAveragePooling2D: lambda: DoneAveragePooling2D(2),
    EqualizedConv2D: lambda: EqualizedConv2D(5, 3, down=True),
    EqualizedDense: lambda: EqualizedDense(5),
    ScaledLeakyReLU: lambda: ScaledLeakyReLU(),
    FilteredDownsampling2D: lambda: FilteredDownsampling2D(),
    FilteredUpsampling2D: lambda: FilteredUpsampling2D(),
    # Half of the range of gray, and few colors: those that sRGB has.
    LightnessColor: lambda: lambda x: LightnessColor()([x[..., :1] / 2, x[..., 1:3] / 20]),
}
# Of generators of sequences, which no penalty constrains; of sound; and of styles, whose second derivatives
# the tests of path lengths check.
UNCONSTRAINED = {
    *(Columns, LanguageModel, Relaxation, Writer, GriffinLim, PhaseShuffle),
    *(InRange, LearnedMap, MapNoise, MeanW, MixedRows, ModulatedConv2D, NextRow, Style, Truncation),
}
STOCK = {
    keras.layers.BatchNormalization: lambda: keras.layers.BatchNormalization(center=False),
    keras.layers.GroupNormalization: lambda: keras.layers.GroupNormalization(-1),
    keras.layers.LayerNormalization: lambda: keras.layers.LayerNormalization((1, 2, 3)),
    keras.layers.Dense: lambda: keras.layers.Dense(5),
    keras.layers.Conv2D: lambda: keras.layers.Conv2D(5, 3),
    keras.layers.Conv2DTranspose: lambda: keras.layers.Conv2DTranspose(5, 3),
    keras.layers.AveragePooling2D: lambda: keras.layers.AveragePooling2D(2),
    keras.layers.UpSampling2D: lambda: keras.layers.UpSampling2D(),
    keras.layers.GlobalAveragePooling2D: lambda: keras.layers.GlobalAveragePooling2D(keepdims=True),
    keras.layers.PReLU: lambda: keras.layers.PReLU(shared_axes=[1, 2]),
    keras.layers.UnitNormalization: lambda: keras.layers.UnitNormalization(),
    keras.layers.RMSNormalization: lambda: keras.layers.RMSNormalization(),
}


def penalty_and_gradients(network, weights, values):
    """sum |d critic / d x|^2 for values of x and the weights, and its gradients with respect to them."""
    for weight, value in zip(weights, values[1:]):
        weight.assign(value)
    for layer in network.layers:
        if isinstance(layer, SpectralNormalization):  # the power iteration has converged
            kernel = layer.layer.kernel.numpy()
            layer.direction.assign(np.linalg.svd(kernel.reshape(-1, kernel.shape[-1]))[2][:1])
    x = tf.constant(values[0], network.input.dtype)
    with tf.GradientTape() as tape:
        tape.watch(x)
        norms = gradient_norms(lambda images: network(images, training=True), x)
        penalty = tf.reduce_sum(widened(norms) ** 2)
    zero = tf.UnconnectedGradients.ZERO  # of a last bias
    variables = [x, *(each.value for each in weights)]
    gradients = tape.gradient(penalty, variables, unconnected_gradients=zero)
    return float(penalty), [np.asarray(each, np.float64) for each in gradients]


def check_second_derivatives(network, shape, step=1e-5):
    """Compares derivatives of the penalty along random directions with central differences."""
    rng = np.random.default_rng(1)
    weights = network.trainable_variables
    origin = [rng.normal(0, 1, shape), *(rng.uniform(-0.5, 0.5, each.shape) for each in weights)]
    critic = functools.partial(penalty_and_gradients, network, weights)
    _, gradients = critic(origin)
    for moving in ([0], range(1, len(origin))):  # the samples, then all weights
        direction = [rng.normal(0, 1, each.shape) * (i in moving) for i, each in enumerate(origin)]
        length = np.sqrt(sum(np.sum(each**2) for each in direction))
        ahead, behind = (
            critic([at + sign * step / length * d for at, d in zip(origin, direction)])[0]
            for sign in (1, -1)
        )
        numerical = (ahead - behind) / (2 * step)
        exact = sum(np.sum(gradient * d) for gradient, d in zip(gradients, direction)) / length
        size = np.sqrt(sum(np.sum(gradients[i] ** 2) for i in moving))
        assert abs(exact - numerical) <= 1e-6 * size, (moving, exact, numerical)


@pytest.mark.parametrize("make", (LAYERS | STOCK).items(), ids=lambda each: each[0].__name__)
def test_second_derivatives_of_each_layer_are_those_of_finite_differences(make, float64):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((6, 6, 3))
    x = keras.layers.Conv2D(4, 3, activation="tanh")(inputs)
    x = keras.layers.Conv2D(4, 1, activation="tanh")(make[1]()(x))
    critic = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Flatten()(x)))
    differentiate_twice(critic)
    check_second_derivatives(critic, (4, 6, 6, 3))


def test_no_layer_of_the_package_is_missing_above():
    registered = keras.saving.get_custom_objects().items()
    layers = {
        each
        for name, each in registered
        if name.startswith("gan_tf>")
        and inspect.isclass(each)
        and issubclass(each, keras.layers.Layer)
        and not issubclass(each, keras.Model)
        and each.__module__.startswith("gan_tf.")
    }
    assert layers == {*LAYERS, *UNCONSTRAINED}


CRITICS = [
    *((DCGAN, norm) for norm in ("batch", "instance", "layer", "virtual_batch", "none")),
    *((ResNet, norm) for norm in ("batch", "none")),
    *((MLP, norm) for norm in ("virtual_batch", "none")),
]


@pytest.mark.slow
@pytest.mark.parametrize("architecture, norm", CRITICS)
def test_second_derivatives_of_discriminators(architecture, norm, float64):
    keras.utils.set_random_seed(0)
    options = {"discriminator_activation": "silu", "minibatch_stddev": 2}
    critic = architecture(width=4, discriminator_norm=norm, **options).discriminator((16, 16, 1))
    critic.get_layer("logits").dtype_policy = keras.DTypePolicy("float64")
    check_second_derivatives(critic, (4, 16, 16, 1))


def test_the_fused_kernel_of_batch_norm_has_exact_second_derivatives(float64):
    """Float32, by the kernel, beside float64, by definition."""
    results = []
    for dtype in ("float32", "float64"):
        keras.config.set_floatx(dtype)
        keras.config.set_dtype_policy(dtype)
        critic = DCGAN(width=4, discriminator_activation="silu").discriminator((16, 16, 1))
        weights = critic.trainable_variables
        rng = np.random.default_rng(0)
        values = [rng.uniform(-0.5, 0.5, each.shape) for each in weights]
        x = rng.normal(0, 1, (4, 16, 16, 1))
        results.append(penalty_and_gradients(critic, weights, [x, *values])[1])
    for fused, exact in zip(*results):
        np.testing.assert_allclose(fused, exact, atol=1e-4 * np.abs(exact).max() + 1e-9)


def test_a_penalty_makes_the_derivatives_of_a_users_discriminator_exact():
    layers = [
        keras.layers.Dense(4),
        keras.layers.LayerNormalization(),
        keras.layers.GroupNormalization(2),
        keras.layers.Dense(1),
    ]
    x = samples = keras.Input((3,))
    for layer in layers:
        x = layer(x)
    latents = keras.Input((2,))
    generator = keras.Model(latents, keras.layers.Dense(3, activation="tanh")(latents))
    gan = GAN(generator, keras.Model(samples, x))
    gan.compile(loss="wasserstein", penalties=["wgan_gp"])
    assert [type(each) for each in layers[1:3]] == [LayerNormalization, GroupNormalization]


class _Named(keras.layers.LayerNormalization):
    """A user's own."""


@pytest.mark.parametrize("kind, warned", [(_Named, 1), (keras.layers.LayerNormalization, 0)])
def test_subclasses_of_normalization_are_warned_of(kind, warned, recwarn):
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    layers = [keras.layers.Dense(4), keras.Sequential([kind()]), keras.layers.Dense(1)]
    gan = GAN(generator, keras.Sequential(layers))
    gan.compile(loss="wasserstein", penalties=["wgan_gp"])
    found = [each for each in recwarn if "second derivatives are inexact" in str(each.message)]
    assert len(found) == warned
    assert all(each.filename == __file__ and "_Named" in str(each.message) for each in found)
