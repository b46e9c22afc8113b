"""Images of any size: extended, cut back, and in tiles."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.data.examples import Examples
from gan_tf.modalities.image import Image
from gan_tf.networks.moments import GroupNormalization
from gan_tf.networks.translator import Size
from gan_tf.networks.unet import UNet
from gan_tf.sampling.image_translator import ImageTranslator, translated

RNG = np.random.default_rng(0)


def pixelwise(scale=1):
    """A network that inverts colors, and enlarges."""
    source = keras.Input((None, None, 3))
    return keras.Model(source, -keras.layers.UpSampling2D(scale)(source))


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("size", [(1, 1), (7, 20), (64, 64), (65, 130), (200, 90)])
@pytest.mark.parametrize("tile", [None, 64])
def test_an_output_has_the_size_of_its_image(size, tile, scale):
    image = RNG.integers(0, 256, (*size, 3), np.uint8)
    made = ImageTranslator(pixelwise(scale), Image(), 16, scale, tile)(image)
    expected = 255 - np.kron(image, np.ones((scale, scale, 1), np.uint8))
    np.testing.assert_allclose(made.astype(int), expected, atol=1)


def test_what_a_network_takes_is_a_multiple_and_mirrors_the_border():
    seen = []

    class Network(keras.layers.Layer):
        def call(self, source, training):
            assert training is False
            seen.append(tf.shape(source))
            return source

    source = keras.Input((None, None, 3))
    network = Network()
    network.inputs = network.outputs = [source]
    image = RNG.integers(0, 256, (13, 30, 3), np.uint8)
    tf.config.run_functions_eagerly(True)
    try:
        made = ImageTranslator(network, Image(), 8)(image)
    finally:
        tf.config.run_functions_eagerly(False)
    np.testing.assert_array_equal(seen, [(1, 16, 32, 3)])
    np.testing.assert_array_equal(made, image)


def test_tiles_blend_without_seams():
    """A U-Net: tiles differ from the whole image, and their borders do not show."""
    keras.utils.set_random_seed(0)
    architecture = UNet(width=4, dropout=0.0, generator_norm="none")
    network = architecture.translator((None, None, 3), (None, None, 3), Size(16, 16))
    for weight in network.weights:
        weight.assign(keras.random.normal(weight.shape, 0, 0.15, seed=1))
    smooth = np.linspace(0, 255, 300)[:, None, None] * np.ones((1, 200, 3))
    made = ImageTranslator(network, Image(), architecture.multiple(Size(16, 16)), 1, 64)(
        np.uint8(smooth)
    )
    whole = ImageTranslator(network, Image(), 16)(np.uint8(smooth))
    steps = np.abs(np.diff(made.astype(int), axis=0)).max()
    assert steps <= 2 * np.abs(np.diff(whole.astype(int), axis=0)).max() + 2


def test_tiles_are_normalized_alike():
    """A black and a white half: normalized on its own, each would become gray."""
    source = keras.Input((None, None, 3))
    network = keras.Model(source, GroupNormalization(groups=-1)(source) * 0.5)
    image = np.zeros((128, 256, 3), np.uint8)
    image[:, 128:] = 255
    translator = ImageTranslator(network, Image(), 16, tile=64)
    whole = ImageTranslator(network, Image(), 16)(image)
    for given, expected in ((image, whole), (image[:, ::-1], whole[:, ::-1]), (image, whole)):
        np.testing.assert_allclose(translator(given).astype(int), expected, atol=2)
    assert np.ptp(whole) > 100
    small = image[:32, 120:136]
    alone = ImageTranslator(network, Image(), 16)(small)
    np.testing.assert_array_equal(translator(small), alone)


@pytest.mark.parametrize("tile", [None, 64])
def test_a_conditional_network_is_given_a_mixture_of_classes(tile):
    """A network that adds the second class's share to a black image."""
    source, mixture = keras.Input((None, None, 3)), keras.Input((2,))
    share = keras.layers.Reshape((1, 1, 1))(mixture[:, 1:])
    network = keras.Model([source, mixture], source + 2 * share)
    translator = ImageTranslator(network, Image(), 16, tile=tile)
    for value in (0.0, 0.4, 1.0):
        made = translator(np.zeros((70, 80, 3), np.uint8), [1 - value, value])
        np.testing.assert_allclose(made, 255 * value, atol=1)


def test_cycles_are_measured_as_they_are_and_after_rounding_and_blurring():
    sources = np.random.default_rng(0).integers(0, 256, (250, 6, 6, 1), np.uint8)
    domain = Examples({"image": sources, "label": np.arange(250) % 3}, ("a", "b", "c"))
    data = dataclasses.replace(domain, source_domain=domain)

    def hide(images):
        return images * 0.001  # too faint to survive 8 bits

    def find(images):
        return images / 0.001

    batches = list(translated(hide, Image(), data, 230, find))
    samples, labels, cycles = (np.concatenate(each) for each in zip(*batches))
    assert (len(samples), [len(each[0]) for each in batches]) == (230, [100, 100, 30])
    np.testing.assert_array_equal(labels, domain.classes[:230])
    np.testing.assert_allclose(cycles[:, 0], 0, atol=1e-6)
    grays = np.unique(samples)
    assert set(grays) <= {127, 128}
    scaled = Image().to_network(samples).astype(np.float64)
    kernel = np.float64([1, 2, 1]) / 4
    padded = np.pad(scaled, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    blurred = np.einsum("nyxcij,i,j->nyxc", windows, kernel, kernel)
    expected = np.abs(blurred / 0.001 - Image().to_network(sources[:230])).mean((1, 2, 3)) / 2
    np.testing.assert_allclose(cycles[:, 1], expected, rtol=1e-3)
    assert len(next(translated(hide, Image(), data, 5))) == 2
