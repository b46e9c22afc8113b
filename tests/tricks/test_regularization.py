"""L2 regularization of generator and encoder."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.bigan import BiGAN
from gan_tf.gans.build import network_spec
from gan_tf.options.config import Config
from gan_tf.registry import TRICKS

SHAPE = (28, 28, 1)


def bigan(**options):
    keras.utils.set_random_seed(0)
    config = Config(arch="mlp", width=4, latent_dim=6, **options)
    gan = BiGAN.from_spec(network_spec(config, SHAPE))
    gan.compile("sgd(0.1)", "sgd(0.1)")
    return gan


def kernels(*networks):
    return [
        layer.kernel
        for network in networks
        for layer in network.layers
        if isinstance(layer, keras.layers.Dense)
    ]


def test_it_is_the_sum_of_the_squares_of_the_kernels(make):
    gan = make("generator_l2(0.5)", generator_norm="batch")
    for variable in gan.generator.trainable_variables:
        variable.assign(tf.fill(variable.shape, 2.0))  # biases, beta and gamma too
    loss = gan.tricks[0].generator_loss(gan, tf.constant(3.0), None)
    # 14 -> 4 -> 8 -> 16 -> 784: 12,760 weights.
    assert float(loss) == pytest.approx(3 + 0.5 * 4 * 12_760)


def test_the_kernels_of_an_encoder_count_too_and_the_discriminators_do_not():
    gan = bigan(trick=("generator_l2(0.5)",))
    expected = sum(np.sum(np.square(each)) for each in kernels(gan.generator, gan.encoder))
    loss = gan.tricks[0].generator_loss(gan, tf.constant(0.0), None)
    assert float(loss) == pytest.approx(0.5 * expected, rel=1e-5)


@pytest.mark.slow
def test_a_step_makes_the_kernels_smaller_by_their_gradient():
    """Plain SGD of rate 0.1: beside the game's update each loses 0.1 times 2 weight times itself."""
    images = np.random.default_rng(0).uniform(-1, 1, (8, *SHAPE)).astype(np.float32)
    plain, regular = bigan(), bigan(trick=("generator_l2(0.25)",))
    before = [each.numpy() for each in kernels(regular.generator, regular.encoder)]
    for gan in (plain, regular):
        gan.train_on_batch(images)
    pairs = zip(
        kernels(plain.generator, plain.encoder), kernels(regular.generator, regular.encoder)
    )
    for (without, with_it), was in zip(pairs, before, strict=True):
        np.testing.assert_allclose(without - with_it, 0.1 * 0.5 * was, rtol=1e-3, atol=1e-6)
    for mine, theirs in zip(kernels(plain.discriminator), kernels(regular.discriminator)):
        np.testing.assert_array_equal(mine, theirs)


def test_a_negative_weight_is_refused():
    with pytest.raises(UserError, match="must be 0 or more"):
        TRICKS.build("generator_l2(-1.0)")
