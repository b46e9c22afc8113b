"""RRDBNet of ESRGAN."""

import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.networks.rrdb import RRDB


def convolutions(network):
    return [layer for layer in network.layers if isinstance(layer, layers.Conv2D)]


@pytest.mark.slow
def test_the_published_parameters_and_layers():
    network = RRDB(residual=False).translator((32, 32, 3), (128, 128, 3))
    dense = sum(9 * (64 + 32 * i) * 32 + 32 for i in range(4)) + 9 * 192 * 64 + 64
    plain = 9 * 64 * 64 + 64  # after the blocks, of each doubling, and after them
    ends = 9 * 3 * 64 + 64 + 9 * 64 * 3 + 3
    counted = sum(int(np.prod(each.shape)) for each in network.trainable_variables)
    assert counted == 23 * 3 * dense + 4 * plain + ends == 16_697_987
    assert {each.kernel_size for each in convolutions(network)} == {(3, 3)}
    scales = [each.scale for each in network.layers if isinstance(each, layers.Rescaling)]
    assert scales == [0.2] * 23 * 4


def test_a_block_by_hand():
    """Dense blocks whose last layer is 5 and others 0 add 1; see the arithmetic below."""
    network = RRDB(width=1, blocks=1, growth=1, residual=False).translator((4, 4, 1), (4, 4, 1))
    every = convolutions(network)
    for layer in every:
        layer.kernel.assign(tf.zeros(layer.kernel.shape))
    every[0].bias.assign([1.0])
    for layer in (every[5], every[10], every[15]):
        layer.bias.assign([5.0])
    for layer in every[16:]:  # the identity
        layer.kernel.assign(np.pad(np.ones((1, 1, 1, 1)), [(1, 1), (1, 1), (0, 0), (0, 0)]))
    # 1 + 0.2 (1 + 3 * 0.2 * 5) = 1.8, and the first layer's 1.
    np.testing.assert_allclose(
        network(np.zeros((1, 4, 4, 1))), np.full((1, 4, 4, 1), 2.8), rtol=1e-6
    )


def test_initial_weights_of_dense_blocks_are_a_tenth_of_he_initialization():
    network = RRDB(width=64, blocks=1, growth=32).translator((8, 8, 3), (8, 8, 3))
    first, inside, *_ = convolutions(network)
    expected = 0.1 * np.sqrt(2 / (9 * 64))
    assert np.std(inside.kernel) == pytest.approx(expected, rel=0.03)
    assert np.abs(first.kernel).max() == pytest.approx(1 / np.sqrt(9 * 3), rel=0.01)
    assert not np.any(first.bias)


def test_a_doubling_repeats_pixels():
    network = RRDB(width=4, blocks=1, growth=2).translator((8, 8, 3), (32, 32, 3))
    up = [each for each in network.layers if isinstance(each, layers.UpSampling2D)]
    assert [each.interpolation for each in up if each.size == (2, 2)] == ["nearest", "nearest"]
