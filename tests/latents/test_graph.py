"""Latents drawn inside compiled functions."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.latents.graph import draw_batch, draw_stateless


def test_training_batches_are_normal_and_advance_the_seed():
    seed = keras.random.SeedGenerator(3)
    first, second = (np.asarray(draw_batch(2000, 5, seed)) for _ in range(2))
    assert first.shape == (2000, 5) and first.dtype == np.float32
    assert first.mean() == pytest.approx(0, abs=0.05)  # 5 standard errors
    assert first.var() == pytest.approx(1, abs=0.071)
    assert np.all(first != second)
    again = np.asarray(draw_batch(tf.constant(2000), 5, keras.random.SeedGenerator(3)))
    np.testing.assert_array_equal(again, first)


def test_exported_samplers_draw_by_their_seed_alone():
    draw = tf.function(lambda count, seed: draw_stateless(count, 5, seed))
    seed = tf.constant([3, 0], tf.int64)
    first = draw(tf.constant(2000), seed).numpy()
    assert first.shape == (2000, 5)
    assert first.mean() == pytest.approx(0, abs=0.05)  # 5 standard errors
    assert first.var() == pytest.approx(1, abs=0.071)
    np.testing.assert_array_equal(draw(tf.constant(2000), seed), first)
    assert np.all(draw(tf.constant(2000), seed + 1).numpy() != first)
