"""From logits to rows over the tokens."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.relaxation import Relaxation, drawn, relaxed, split, straight_through

LOGITS = np.log(np.float32([0.5, 0.3, 0.2]))


def test_straight_through_is_one_hot_with_the_gradient_of_the_softmax():
    logits = tf.constant([[0.1, 2.0, -1.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(logits)
        hard = straight_through(logits)
        soft = tf.nn.softmax(logits)
        first, other = hard[0, 0], soft[0, 0]
    np.testing.assert_allclose(hard, [[0, 1, 0]], atol=1e-6)
    np.testing.assert_allclose(tape.gradient(first, logits), tape.gradient(other, logits))


def test_the_largest_of_relaxed_rows_is_drawn_with_the_probabilities():
    logits = np.tile(LOGITS, (20_000, 1))
    for temperature in (0.1, 1.0):
        rows = np.asarray(relaxed(logits, temperature, keras.random.SeedGenerator(0)))
        np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-5)
        shares = np.bincount(rows.argmax(axis=1)) / len(rows)
        np.testing.assert_allclose(shares, [0.5, 0.3, 0.2], atol=0.01)
        assert (rows.max(axis=1).mean() > 0.9) == (temperature == 0.1)


def test_tokens_are_drawn_by_their_quantiles():
    normal = np.float32([-9, -0.01, 0.01, 0.83, 0.85, 9])  # Phi(0.8416) = 0.8
    rows = np.asarray(drawn(np.tile(LOGITS, (6, 1)), normal))
    assert rows.argmax(axis=1).tolist() == [0, 0, 1, 1, 2, 2]
    assert set(np.unique(rows)) == {0, 1}
    many = np.random.default_rng(0).standard_normal(20_000).astype("f4")
    shares = np.asarray(drawn(np.tile(LOGITS, (20_000, 1)), many)).mean(axis=0)
    np.testing.assert_allclose(shares, [0.5, 0.3, 0.2], atol=0.01)


def test_gumbel_is_random_in_training_alone():
    layer = Relaxation("gumbel", 0.5)
    given = [np.tile(LOGITS, (4, 5, 1)), np.zeros((4, 5), np.float32)]
    assert np.any(layer(given, training=True) != layer(given, training=True))
    np.testing.assert_array_equal(layer(given), layer(given))


def test_latents_are_split_into_those_of_the_network_and_of_the_tokens():
    latents = keras.Input((9,))
    network, choices = split(latents, 6, "gumbel")
    both = keras.Model(latents, [network, choices])(np.arange(9.0)[None])
    assert [each.numpy().tolist() for each in both] == [[[6, 7, 8]], [[0, 1, 2, 3, 4, 5]]]
    assert split(latents, 6, "softmax") == (latents, None)
    with pytest.raises(UserError, match=r"--latent_dim=9 is too short.*--latent_dim=73"):
        split(latents, 9, "gumbel")
