"""Discriminators of images and pairs."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks import build
from gan_tf.networks.discriminators import VGG, PatchGAN, Pixel, Zi2ZiDiscriminator
from gan_tf.networks.unet import UNet
from gan_tf.registry import DISCRIMINATORS

NAMES = DISCRIMINATORS.names()
VALUES = {
    "discriminator_norm": ("batch", "layer", "none"),
    "spectral_norm": ("discriminator",),
    "discriminator_activation": ("gelu", "prelu"),
}
CASES = [(name, option, value) for name in NAMES for option in VALUES for value in VALUES[option]]


def built(discriminator, size, channels=6):
    images = keras.Input((size, size, channels))
    return keras.Model(images, discriminator.discriminate(images))


def trainable(network):
    return sum(int(np.prod(each.shape)) for each in network.trainable_variables)


def convolutions(network):
    return [layer for layer in network.layers if isinstance(layer, layers.Conv2D)]


def seen_rows(network, size):
    """The height and width of what the logit in the middle depends on."""
    for weight in network.trainable_variables:
        weight.assign(tf.ones(weight.shape) / tf.size(weight, tf.float32))
    images = tf.ones((1, size, size, 1))
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = network(images)
        middle = logits[0, logits.shape[1] // 2, logits.shape[2] // 2, 0]
    seen = np.asarray(tape.gradient(middle, images))[0, :, :, 0] != 0
    return np.any(seen, axis=1).sum(), np.any(seen, axis=0).sum()


@pytest.mark.parametrize("count, field", [(1, 16), (2, 34), (3, 70), (4, 142), (5, 286)])
def test_the_published_receptive_fields_of_patchgan(count, field):
    size = field + 4 * 2**count
    network = built(PatchGAN(count, width=1, discriminator_norm="none"), size, channels=1)
    assert seen_rows(network, size) == (field, field)


def test_a_pixels_logit_sees_that_pixel():
    network = built(Pixel(width=1, discriminator_norm="none"), 8, channels=1)
    assert seen_rows(network, 8) == (1, 1)


def test_the_published_patchgan():
    network = built(PatchGAN(discriminator_norm="batch"), 256)
    widths = [6, 64, 128, 256, 512, 1]
    kernels = sum(16 * a * b for a, b in itertools.pairwise(widths))
    assert trainable(network) == kernels + 64 + 1 + 2 * (128 + 256 + 512) == 2_768_705
    assert network.output_shape == (None, 30, 30, 1)
    assert [each.strides[0] for each in convolutions(network)] == [2, 2, 2, 1, 1]
    slopes = [each.negative_slope for each in network.layers if isinstance(each, layers.LeakyReLU)]
    assert slopes == [0.2] * 4


def test_channels_of_patchgan_double_up_to_eight_times():
    widths = [each.filters for each in convolutions(built(PatchGAN(5, width=2), 128))]
    assert widths == [2, 4, 8, 16, 16, 16, 1]


def test_the_published_pixel_discriminator():
    network = built(Pixel(discriminator_norm="batch"), 256)
    expected = 6 * 64 + 64 + 64 * 128 + 2 * 128 + 128 + 1
    assert trainable(network) == expected == 9_025
    assert network.output_shape == (None, 256, 256, 1)


def test_the_published_vgg():
    network = built(VGG(discriminator_norm="batch"), 96)
    widths = [6, 64, 64, 128, 128, 256, 256, 512, 512]
    kernels = sum(9 * a * b for a, b in itertools.pairwise(widths)) + 64 + 2 * sum(widths[2:])
    dense = 6 * 6 * 512 * 1024 + 1024 + 1024 + 1
    assert trainable(network) == kernels + dense == 23_565_377
    assert [each.filters for each in convolutions(network)] == widths[1:]
    assert [each.strides[0] for each in convolutions(network)] == [1, 2] * 4
    assert network.output_shape == (None, 1)


@pytest.mark.parametrize("size, smallest", [(3, 2), (8, 2), (16, 2), (28, 2), (64, 4)])
def test_the_maps_of_vgg_have_two_pixels_or_more(size, smallest):
    maps = [each.output.shape[1] for each in convolutions(built(VGG(width=2), size))]
    assert maps[-1] == smallest


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_images_too_small_for_patchgan_are_refused(count):
    smallest = 2 ** (count + 1) + 1
    assert built(PatchGAN(count, width=1), smallest).output_shape == (None, 1, 1, 1)
    with pytest.raises(UserError, match=f"at least {smallest} pixels: choose fewer layers"):
        built(PatchGAN(count, width=1), smallest - 1)


@pytest.mark.parametrize("count", [0, 6])
def test_patchgan_has_one_to_five_layers(count):
    with pytest.raises(UserError, match="give 1 to 5 layers"):
        DISCRIMINATORS.build(f"patchgan(layers={count})")


@pytest.mark.parametrize("name", NAMES)
def test_a_logit_depends_on_its_own_pair_alone(name):
    network = built(DISCRIMINATORS.build(f"{name}(width=4)"), 28)
    images = np.random.default_rng(0).uniform(-1, 1, (3, 28, 28, 6)).astype(np.float32)
    logits = np.asarray(network(images, training=True))
    alone = np.asarray(network(images[1:2], training=True))
    np.testing.assert_allclose(alone, logits[1:2], atol=1e-6)
    assert np.any(logits[0] != logits[1])


@pytest.mark.parametrize("name, option, value", CASES)
def test_gradients_of_both_orders_reach_every_weight(name, option, value):
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        network = built(DISCRIMINATORS.build(f"{name}(width=4, {option}={value!r})"), 28)
    finally:
        keras.config.set_dtype_policy("float32")
    images = keras.random.uniform((3, 28, 28, 6), -1, 1, seed=0)
    with tf.GradientTape() as tape:
        with tf.GradientTape() as inner:
            inner.watch(images)
            logits = network(images, training=True)
        slopes = inner.gradient(logits, images)
        loss = tf.reduce_sum(logits**2) + 1e4 * tf.reduce_sum(slopes**2)
    assert logits.dtype == "float32"
    weights = network.trainable_variables
    for weight, gradient in zip(weights, tape.gradient(loss, [each.value for each in weights])):
        assert gradient is not None and np.any(gradient), weight.path
        assert np.all(np.isfinite(gradient)), weight.path


@pytest.mark.parametrize("name", NAMES)
def test_pairs_of_different_channels(name):
    spec = build.NetworkSpec(
        UNet(width=4),
        sample_shape=(32, 32, 3),
        latent_dim=0,
        source_shape=(32, 32, 1),
        image_discriminator=DISCRIMINATORS.build(f"{name}(width=4)"),
    )
    network = build.pair_discriminator(spec)
    target, source = np.zeros((2, 32, 32, 3)), np.zeros((2, 32, 32, 1))
    logits = network([target, source])
    assert len(logits) == 2 and logits.shape[-1] == 1
    assert np.any(np.asarray(network([target + 1, source])) != logits)
    assert np.any(np.asarray(network([target, source + 1])) != logits)


def test_the_published_parameters_of_zi2zi():
    network = built(Zi2ZiDiscriminator(discriminator_norm="batch"), 256)
    shapes = [(6, 64), (64, 128), (128, 256), (256, 512)]
    kernels = sum(25 * a * b for a, b in shapes)
    norms = 2 * (128 + 256 + 512)
    assert network.get_layer("features").output.shape == (None, 32 * 32 * 512)
    assert trainable(network) == kernels + 64 + norms + 32 * 32 * 512 + 1
    with pytest.raises(UserError, match="at least 9 pixels"):
        built(Zi2ZiDiscriminator(), 4)
    with pytest.raises(UserError, match="from 2 to 9"):
        Zi2ZiDiscriminator(kernel=1)
