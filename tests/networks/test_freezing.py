"""The levels of discriminators, and the freezing of the lowest."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.build import network_spec
from gan_tf.gans.standard import GAN
from gan_tf.networks import build
from gan_tf.networks.freezing import freeze, levels
from gan_tf.options.config import Config

SHAPE = (28, 28, 1)


def discriminator(**options):
    defaults = dict(arch="dcgan(width=2)", precision="float32")
    return build.discriminator(network_spec(Config(**defaults | options).resolve(), SHAPE, 3))


def kernels(level):
    """How many kernels of convolutions and dense layers a level has."""
    return sum(weight.name == "kernel" for layer in level for weight in layer.weights)


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"arch": "mlp(width=2)"}, [1, 1, 1]),
        ({}, [1, 1, 1, 1]),  # 28, 14, 7, 4; then the logit
        ({"spectral_norm": "discriminator", "minibatch_stddev": 2}, [1, 1, 1, 1]),
        ({"discriminator_norm": "virtual_batch"}, [1, 1, 1, 1]),
        ({"arch": "resnet(width=2)"}, [3, 3, 3, 2, 1]),  # the last block has no 1x1
        ({"arch": "fastgan(width=2)"}, [1, 3, 7, 1]),  # of 28, 14 and 7 pixels, in both branches
        ({"arch": "stylegan2(width=2)"}, [1, 3, 3, 1, 1, 1]),
        ({"arch": "r3gan(width=2)"}, [1, 3, 3, 1, 3, 3, 1, 3, 3, 1, 1]),
        ({"packing": 2}, [1, 1, 1, 1]),
        ({"conditional": "concat"}, [1, 1, 1, 1]),  # not the one that makes the labels' channel
        ({"conditional": "projection"}, [1, 1, 1, 1]),  # nor the one that embeds them
        ({"conditional": "acgan"}, [1, 1, 1, 2]),  # logit and classes are one head
        ({"semi_supervised": 9}, [1, 1, 1, 1]),
    ],
    ids=str,
)
def test_levels_are_layers_or_residual_blocks(options, expected):
    network = discriminator(**options)
    found = levels(network)
    assert [kernels(level) for level in found] == expected
    layers = [layer for level in found for layer in level]
    assert len(set(map(id, layers))) == len(layers)
    if not options.get("conditional"):
        assert {id(each) for each in layers} == {
            id(each) for each in network.layers if each.weights
        }


def test_a_level_has_the_norm_that_follows_it():
    kinds = [[type(layer).__name__ for layer in level] for level in levels(discriminator())]
    normalized = ["Conv2D", "BatchNormalization"]
    assert kinds == [["Conv2D"], normalized, normalized, ["Dense"]]


@pytest.mark.parametrize("count", [4, 99])
def test_something_must_learn(count):
    with pytest.raises(UserError, match=f"={count}: this discriminator has 4 levels.* give 3 or"):
        freeze(discriminator(), count)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"arch": "resnet(width=2)", "spectral_norm": "discriminator", "conditional": "projection"},
    ],
    ids=str,
)
def test_frozen_weights_stay_bit_for_bit_and_the_others_learn(options):
    keras.utils.set_random_seed(0)
    config = Config(**dict(arch="dcgan(width=2)", latent_dim=4) | options).resolve()
    network = build.discriminator(network_spec(config, SHAPE, 3))
    frozen = freeze(network, 2)
    gan = GAN(build.generator(network_spec(config, SHAPE, 3)), network)
    gan.compile(penalties=["r1(1)"], run_eagerly=True)  # a graph would take longer to build
    before = {layer.name: layer.get_weights() for layer in network.layers}
    pixels = np.random.default_rng(0).uniform(-1, 1, (8, *SHAPE)).astype(np.float32)
    labels = (np.arange(8) % 3,) if config.conditional else ()
    gan.fit(pixels, *labels, batch_size=4, epochs=2, verbose=0)
    kept = {layer.name for layer in frozen}
    assert kept
    for layer in network.layers:
        pairs = list(zip(before[layer.name], layer.get_weights()))
        if layer.name in kept:
            assert all(np.array_equal(*pair) for pair in pairs), layer.name
        elif pairs:
            assert any(np.any(old != new) for old, new in pairs), layer.name
    # Adam has two moments of each variable that learns, its step and its rate.
    assert len(gan.discriminator_optimizer.variables) == 2 * len(network.trainable_variables) + 2


def test_gradients_pass_through_frozen_levels():
    network = discriminator(arch="mlp(width=2)")
    freeze(network, 2)
    images = tf.random.stateless_uniform((3, *SHAPE), (0, 0))
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = network(images, training=True)
    assert np.abs(tape.gradient(logits, images)).max() > 0
    assert len(network.trainable_variables) == 2
