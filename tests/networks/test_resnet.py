"""The residual networks against the tables of their paper."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.networks.conditioning import Projection
from gan_tf.networks.layers import to_keras_layers
from gan_tf.networks.resnet import ResNet


def convolutions(network):
    """(height of the output, filters) of each 3x3 convolution."""
    return [
        (layer.output.shape[1], layer.filters)
        for layer in network.layers
        if isinstance(layer, layers.Conv2D) and layer.kernel_size == (3, 3)
    ]


def test_resnet_has_the_blocks_of_table_4():
    architecture = ResNet(width=1)
    generator = architecture.generator((128, 128, 3), 10)
    blocks = [(8, 16), (16, 8), (32, 4), (64, 2), (128, 1)]
    assert convolutions(generator) == [each for each in blocks for _ in range(2)] + [(128, 3)]
    assert generator.get_layer(index=2).output.shape == (None, 4, 4, 16)
    discriminator = architecture.discriminator((128, 128, 3))
    # Of the layers of Keras: the last convolution of a block is computed together with the pooling.
    assert convolutions(to_keras_layers(discriminator)) == [
        *[(128, 1), (128, 1)],
        *[(64, 1), (64, 2), (32, 2), (32, 4), (16, 4), (16, 8), (8, 8), (8, 16)],
        *[(4, 16), (4, 16)],
    ]
    assert discriminator.get_layer("features").output.shape == (None, 16)


@pytest.mark.parametrize("size, maps", [(28, [4, 7, 14]), (48, [6, 12, 24]), (64, [4, 8, 16, 32])])
def test_resnet_doubles_the_map_and_halves_it_back(size, maps):
    networks = ResNet(4).generator((size, size, 1), 6), ResNet(4).discriminator((size, size, 1))
    added = [
        [layer.output.shape[1] for layer in network.layers if isinstance(layer, layers.Add)]
        for network in networks
    ]
    assert added[0] == [2 * height for height in maps]
    assert added[1] == [*maps[::-1], maps[0]]


def test_features_are_sums_over_the_positions():
    discriminator = ResNet(4).discriminator((32, 32, 1))
    features = discriminator.get_layer("features").output
    kinds = [type(layer) for layer in discriminator.layers]
    pooling = discriminator.layers[kinds.index(layers.GlobalAveragePooling2D)]
    both = keras.Model(discriminator.input, [pooling.input, features])
    maps, sums = both(keras.random.normal((3, 32, 32, 1), seed=0))
    assert maps.shape == (3, 4, 4, 16)
    np.testing.assert_allclose(sums, np.sum(maps, (1, 2)), rtol=1e-5)


def test_images_reach_the_discriminator_whole():
    """No activation stands before the first convolution: negative pixels count."""
    discriminator = ResNet(4).discriminator((32, 32, 1))
    kinds = [type(layer).__name__ for layer in discriminator.layers]
    assert kinds.index("Conv2D") < kinds.index("ReLU")


def test_the_kernels_start_from_glorot_with_a_gain():
    generator = ResNet(8).generator((32, 32, 1), 6)
    kernel = next(
        np.asarray(layer.kernel)
        for layer in generator.layers
        if isinstance(layer, layers.Conv2D) and layer.kernel_size == (3, 3)
    )
    *_, inputs, outputs = kernel.shape
    limit = np.sqrt(2) * np.sqrt(6 / (9 * (inputs + outputs)))
    assert np.abs(kernel).max() == pytest.approx(limit, rel=0.01)


def test_projection_modulates_every_normalization_of_the_generator():
    generator = Projection().generator(ResNet(4), (32, 32, 1), 6, 10)
    kinds = [type(layer).__name__ for layer in generator.layers]
    assert kinds.count("BatchNormalization") == kinds.count("Multiply") == 2 * 3 + 1
