"""The networks of BiGAN's experiment on MNIST: their sizes are those of the authors' code."""

import math

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks import build
from gan_tf.networks.bigan_mlp import BiganMLP
from gan_tf.networks.moments import BatchNormalization

SHAPE = (28, 28, 1)


@pytest.fixture(scope="module")
def networks():
    keras.utils.set_random_seed(0)
    spec = build.NetworkSpec(BiganMLP(), SHAPE, 50)
    return build.generator(spec), build.encoder(spec), build.joint_discriminator(spec)


def dense(network):
    return [layer for layer in network.layers if isinstance(layer, layers.Dense)]


def test_layers_have_the_sizes_of_the_paper_and_no_biases(networks):
    shapes = [[layer.kernel.shape for layer in dense(network)] for network in networks]
    assert shapes == [
        [(50, 1024), (1024 + 50, 1024), (1024, 784)],  # the second layer reads the latent too
        [(784, 1024), (1024, 1024), (1024, 50)],
        [(784, 1024), (1024 + 50, 1024), (1024, 1)],
    ]
    assert not any(layer.use_bias for network in networks for layer in dense(network))


def test_parameters_are_as_many_as_counted_by_hand(networks):
    trainable = [
        sum(math.prod(each.shape) for each in network.trainable_weights) for network in networks
    ]
    # 50 x 1024 + 1074 x 1024 + 1024 x 784; 784 x 1024 + 1024 x 1024 + 1024 x 50;
    # 784 x 1024 + 1074 x 1024 + 1024: normalization has no parameters.
    assert trainable == [1_953_792, 1_902_592, 1_903_616]
    norms = [
        [layer for layer in network.layers if isinstance(layer, BatchNormalization)]
        for network in networks
    ]
    assert [len(each) for each in norms] == [2, 1, 1]
    assert all(not each.center and not each.scale for norm in norms for each in norm)
    # Means and variances, 1024 of each.
    held = [
        sum(math.prod(each.shape) for each in network.non_trainable_weights) for network in networks
    ]
    assert held == [4096, 2048, 2048]


def test_weights_begin_small_and_the_logit_at_zero(networks):
    for network in networks[:2]:
        for layer in dense(network):
            kernel = np.asarray(layer.kernel)
            assert kernel.std() == pytest.approx(0.02, rel=0.05)
            assert abs(kernel.mean()) < 0.001
    images = np.random.default_rng(0).uniform(-1, 1, (5, *SHAPE)).astype(np.float32)
    latents = np.random.default_rng(1).standard_normal((5, 50)).astype(np.float32)
    np.testing.assert_array_equal(networks[2]([images, latents]), np.zeros((5, 1)))


def test_the_discriminators_features_depend_on_the_image_alone(networks):
    discriminator = networks[2]
    features = keras.Model(discriminator.inputs, discriminator.get_layer("features").output)
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, (2, *SHAPE)).astype(np.float32)
    latents = random.standard_normal((2, 2, 50)).astype(np.float32)
    one, other = (np.asarray(features([images, each])) for each in latents)
    assert one.shape == (2, 1024)
    np.testing.assert_array_equal(one, other)
    assert np.abs(one[0] - one[1]).max() > 0.01


def test_networks_see_images_from_0_to_1(networks):
    generator, encoder, _ = networks
    black = np.full((1, *SHAPE), -1, np.float32)
    np.testing.assert_array_equal(encoder(black), np.zeros((1, 50)))  # no biases
    made = np.asarray(generator(np.zeros((1, 50), np.float32)))
    np.testing.assert_array_equal(made, np.zeros((1, *SHAPE)))  # sigmoid(0) = 1/2: gray


def test_codes_are_float32_in_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        network = build.encoder(build.NetworkSpec(BiganMLP(8), SHAPE, 3), outputs=2)
    finally:
        keras.config.set_dtype_policy("float32")
    assert network.output_shape == (None, 6)
    assert network(np.zeros((1, *SHAPE), np.float32)).dtype == "float32"


def test_a_width_of_nothing_is_refused():
    with pytest.raises(UserError, match="too small"):
        BiganMLP(0)
