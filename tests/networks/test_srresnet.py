"""SRResNet."""

import numpy as np
import pytest
from keras import layers

from gan_tf.networks.moments import BatchNormalization
from gan_tf.networks.srresnet import SRResNet


def of_type(network, *types):
    return [layer for layer in network.layers if isinstance(layer, types)]


@pytest.fixture(scope="module")
def published():
    architecture = SRResNet(generator_norm="batch", residual=False)
    return architecture.translator((24, 24, 3), (96, 96, 3))


def test_the_published_parameters(published):
    first = 81 * 3 * 64 + 64 + 64  # with biases and slopes
    normalized = 9 * 64 * 64 + 2 * 64
    blocks = 16 * (2 * normalized + 64) + normalized
    doublings = 2 * (9 * 64 * 256 + 256 + 64)
    last = 81 * 64 * 3 + 3
    counted = sum(int(np.prod(each.shape)) for each in published.trainable_variables)
    assert counted == first + blocks + doublings + last == 1_548_547


def test_the_published_layers(published):
    convolutions = of_type(published, layers.Conv2D)
    assert [each.filters for each in convolutions] == [*[64] * 34, 256, 256, 3]
    assert convolutions[0].kernel_size == convolutions[-1].kernel_size == (9, 9)
    assert {each.kernel_size for each in convolutions[1:-1]} == {(3, 3)}
    assert len(of_type(published, BatchNormalization)) == 33
    assert len(of_type(published, layers.Add)) == 17
    slopes = of_type(published, layers.PReLU)
    assert len(slopes) == 1 + 16 + 2
    assert {tuple(each.alpha.shape) for each in slopes} == {(1, 1, 64)}
    assert np.all(np.asarray(slopes[0].alpha) == 0.25)
    assert [each.output.shape[1:3] for each in slopes[-2:]] == [(48, 48), (96, 96)]


def test_nothing_is_normalized_by_default():
    network = SRResNet(width=4, blocks=2).translator((8, 8, 3), (16, 16, 3))
    kinds = {type(each).__name__ for each in network.layers}
    assert not any("Normalization" in each for each in kinds)
