"""What networks for super-resolution share."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.networks.rrdb import RRDB
from gan_tf.networks.srresnet import SRResNet

KINDS = [SRResNet, RRDB]


def images(channels=3):
    values = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, channels))
    return values.astype(np.float32)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels", [1, 3])
def test_training_starts_near_the_enlarged_source(kind, channels):
    network = kind(width=8, blocks=1).translator((8, 8, channels), (32, 32, 3))
    sources = images(channels)
    interpolated = np.broadcast_to(tf.image.resize(sources, (32, 32)), (2, 32, 32, 3))
    difference = np.asarray(network(sources)) - interpolated
    assert 0 < np.abs(difference).max() < 0.05
    last = network.layers[-2] if network.layers[-2].weights else network.layers[-3]
    for weight in last.weights:
        weight.assign(tf.zeros(weight.shape))
    np.testing.assert_allclose(network(sources), interpolated, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("channels, residual", [(4, True), (2, True), (3, False)])
def test_without_a_residual_the_last_layer_is_linear(kind, channels, residual):
    network = kind(width=8, blocks=1, residual=residual).translator((8, 8, channels), (16, 16, 3))
    last = network.get_layer("images")
    assert type(last).__name__ == "Activation"
    for weight in network.weights:
        weight.assign(tf.ones(weight.shape))
    assert np.asarray(network(1 + images(channels))).max() > 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_factors(kind):
    for scale in (1, 2, 4, 8):
        network = kind(width=2, blocks=1).translator((6, 5, 3), (6 * scale, 5 * scale, 3))
        assert network.output_shape == (None, 6 * scale, 5 * scale, 3)
    with pytest.raises(ValueError, match="1, 2, 4 or 8 times, not 16"):
        kind(width=2).translator((2, 2, 3), (32, 32, 3))
