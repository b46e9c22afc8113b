"""Images of any size: extended, cut back, and in tiles."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.modalities.image import Image
from gan_tf.networks.translator import Size
from gan_tf.networks.unet import UNet
from gan_tf.sampling.image_translator import ImageTranslator

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
