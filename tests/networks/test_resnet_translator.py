"""CycleGAN's generator."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.networks.resnet_translator import ResNetTranslator, _reflected


def built(size, **options):
    return ResNetTranslator(**options).translator((size, size, 3), (size, size, 3))


def of_type(network, *types):
    return [layer for layer in network.layers if isinstance(layer, types)]


@pytest.fixture(scope="module")
def published():
    return built(256, generator_norm="batch")


def test_the_published_parameters(published):
    block = 2 * (9 * 256 * 256 + 2 * 256)
    ends = 49 * 3 * 64 + 2 * 64 + 49 * 64 * 3 + 3
    middle = 2 * 9 * (64 * 128 + 128 * 256) + 2 * (128 + 256 + 128 + 64)
    counted = sum(int(np.prod(each.shape)) for each in published.trainable_variables)
    assert counted == 9 * block + ends + middle == 11_383_427


def test_the_published_layers(published):
    convolutions = of_type(published, layers.Conv2D)
    up = of_type(published, layers.Conv2DTranspose)
    assert [each.filters for each in up] == [128, 64]
    down = [each for each in convolutions if each.strides == (2, 2) and each not in up]
    assert [each.filters for each in down] == [128, 256]
    ends = convolutions[0], convolutions[-1]
    assert [(each.filters, each.kernel_size) for each in ends] == [(64, (7, 7)), (3, (7, 7))]
    assert {each.kernel_size for each in convolutions[1:-1]} == {(3, 3)}
    sums = of_type(published, layers.Add)
    assert [each.output.shape[1:] for each in sums] == [(64, 64, 256)] * 9
    assert published.layers[-1].activation is keras.activations.tanh


@pytest.mark.parametrize("options, blocks", [({}, 6), ({"blocks": 2}, 2)])
def test_the_number_of_blocks(options, blocks):
    assert len(of_type(built(128, width=2, **options), layers.Add)) == blocks


def test_kernels_of_the_same_shape_differ():
    network = built(16, width=4, blocks=1)
    first, second = (
        np.asarray(each.kernel)
        for each in of_type(network, layers.Conv2D)
        if each.kernel_size == (3, 3) and each.strides == (1, 1)
    )
    assert np.all(first != second)


def test_reflection_does_not_repeat_the_border():
    row = tf.reshape(tf.constant([1.0, 2.0, 3.0]), (1, 1, 3, 1))
    column = tf.transpose(row, (0, 2, 1, 3)) * row
    padded = np.asarray(_reflected(column, 2))[0, :, :, 0]
    np.testing.assert_array_equal(padded, np.outer([3, 2, 1, 2, 3, 2, 1], [3, 2, 1, 2, 3, 2, 1]))


def test_the_border_of_a_flat_image_stays_flat():
    network = built(16, width=4, blocks=1, generator_norm="none")
    first = keras.Model(network.inputs, of_type(network, layers.Conv2D)[0].output)
    maps = np.asarray(first(np.ones((1, 16, 16, 3), np.float32)))
    np.testing.assert_allclose(maps, np.broadcast_to(maps[:, :1, :1], maps.shape), atol=1e-6)
