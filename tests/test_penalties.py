"""Penalties on critics whose gradients are known."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.penalties import gradient_norms
from gan_tf.registries import PENALTIES

SEED = keras.random.SeedGenerator(0)
REAL = keras.random.normal((6, 2, 2, 1), seed=1)
FAKE = keras.random.normal((6, 2, 2, 1), seed=2)


def linear(weights):
    """A critic whose gradient is `weights` everywhere."""
    return lambda images: tf.reduce_sum(images * np.reshape(weights, (2, 2, 1)), axis=(1, 2))


def test_wgan_gp_of_linear_critics():
    # |grad| = 5 everywhere: 10 (5 - 1)^2; |grad| = 1: nothing
    steep, right = linear(np.float32([3, 0, 4, 0])), linear(np.float32([0, 1, 0, 0]))
    for spec, critic, expected in (
        ("wgan_gp", steep, 160),
        ("wgan_gp(2)", steep, 32),
        ("wgan_gp", right, 0),
    ):
        penalty = PENALTIES.build(spec)(critic, REAL, FAKE, SEED)
        assert float(penalty) == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_wgan_gp_looks_uniformly_between_real_and_fake():
    """f = |y|^2 / 2 has |grad f| = |y|: with x = 0 and |G(z)| = 3, that is 3 times the share."""
    seen = []

    def critic(images):
        seen.append(images.numpy())
        return tf.reduce_sum(images**2, axis=(1, 2, 3)) / 2

    real = tf.zeros((20_000, 2, 2, 1))
    fake = real + tf.reshape([3.0, 0, 0, 0], (2, 2, 1))
    penalty = PENALTIES.build("wgan_gp(1)")(critic, real, fake, SEED)
    # the mean of (3a - 1)^2 over a in [0, 1] is 3 - 3 + 1
    assert float(penalty) == pytest.approx(1, rel=0.05)
    shares = seen[0][:, 0, 0, 0] / 3
    assert 0 <= shares.min() < 0.01 and 0.99 < shares.max() <= 1
    np.testing.assert_allclose(np.histogram(shares, 4)[0] / 20_000, 0.25, atol=0.02)


def test_wgan_gp_teaches_the_critic():
    scale = tf.Variable(5.0)
    with tf.GradientTape() as tape:
        penalty = PENALTIES.build("wgan_gp(1)")(
            lambda images: scale * tf.reduce_sum(images, axis=(1, 2, 3)), REAL, FAKE, SEED
        )
    # |grad| = 2 s, penalty (2 s - 1)^2, derivative 4 (2 s - 1)
    assert float(tape.gradient(penalty, scale)) == pytest.approx(36, rel=1e-4)


def test_gradient_norms_can_be_differentiated_at_zero():
    scale = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        norms = gradient_norms(lambda x: scale * tf.reduce_sum(x, axis=(1, 2, 3)), REAL)
    assert np.isfinite(tape.gradient(norms, scale))
    np.testing.assert_allclose(norms, 0, atol=1e-5)


def test_weight_clip_cuts_after_the_update():
    network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    network.set_weights([np.zeros((3, 2)), np.zeros(2)])
    PENALTIES.build("weight_clip(0.1)").constrain(network)
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.apply([tf.fill((3, 2), -1.0), tf.constant([0.05, 7])], network.trainable_variables)
    np.testing.assert_allclose(network.get_weights()[0], np.full((3, 2), 0.1))
    np.testing.assert_allclose(network.get_weights()[1], [-0.05, -0.1])


@pytest.mark.parametrize("spec", ["wgan_gp(-1.0)", "weight_clip(0.0)"])
def test_senseless_strengths_are_refused(spec):
    with pytest.raises(UserError, match="must be"):
        PENALTIES.build(spec)
