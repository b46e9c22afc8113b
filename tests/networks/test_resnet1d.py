"""The residual networks of sequences, layer by layer."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.resnet1d import ResNet1D


def convolutions(network):
    return [
        (layer.filters, layer.kernel_size[0])
        for layer in network.layers
        if isinstance(layer, layers.Conv1D)
    ]


def test_layers_of_the_paper():
    architecture = ResNet1D()
    generator = architecture.generator((36, 4), 100)
    discriminator = architecture.discriminator((36, 4))
    assert convolutions(generator) == [(100, 5)] * 10 + [(4, 1)]
    assert convolutions(discriminator) == [(100, 1)] + [(100, 5)] * 10
    assert [layer.scale for layer in generator.layers if isinstance(layer, layers.Rescaling)] == [
        0.3
    ] * 5
    assert discriminator.get_layer("features").output.shape == (None, 3600)
    # dense 100 -> 3600, ten convolutions of 5 x 100 x 100, one of 100 x 4, with biases
    assert generator.count_params() == 363_600 + 10 * 50_100 + 404


def test_rows_are_distributions_in_training_and_of_gumbel_one_hot_in_use():
    latents = np.asarray(keras.random.normal((3, 20), seed=0))
    for kind in ("softmax", "gumbel", "straight_through"):
        generator = ResNet1D(width=4, relaxation=kind).generator((6, 5), 20)
        trained, used = (np.asarray(generator(latents, training=each)) for each in (True, False))
        np.testing.assert_allclose(trained.sum(axis=-1), 1, rtol=1e-5)
        assert (set(np.unique(used.round(6))) == {0, 1}) == (kind != "softmax")


def test_with_gumbel_a_component_of_the_latent_chooses_a_token():
    generator = ResNet1D(width=4, relaxation="gumbel").generator((6, 5), 20)
    latents = np.tile(keras.random.normal((1, 20), seed=0), (2, 1))
    latents[0, 2], latents[1, 2] = -4, 4
    first, second = np.asarray(generator(latents)).argmax(axis=-1)
    assert (first[2], second[2]) == (0, 4)
    assert (np.delete(first, 2) == np.delete(second, 2)).all()


def test_unknown_relaxations():
    with pytest.raises(UserError, match="no relaxation 'hard'"):
        ResNet1D(relaxation="hard")
