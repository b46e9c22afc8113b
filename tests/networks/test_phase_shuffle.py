"""Shifts of feature maps along time."""

import keras
import numpy as np
import tensorflow as tf

from gan_tf.networks.phase_shuffle import PhaseShuffle

RAMP = np.arange(12, dtype=np.float32).reshape(1, 6, 2)


def test_maps_are_shifted_by_every_amount_with_reflected_ends():
    layer = PhaseShuffle(2, seed=0)
    seen = {tuple(np.asarray(layer(RAMP, training=True))[0, :, 0]) for _ in range(60)}
    assert seen == {
        (4, 2, 0, 2, 4, 6),  # two later
        (2, 0, 2, 4, 6, 8),
        (0, 2, 4, 6, 8, 10),
        (2, 4, 6, 8, 10, 8),
        (4, 6, 8, 10, 8, 6),
    }


def test_nothing_is_shifted_in_use():
    np.testing.assert_array_equal(PhaseShuffle(2)(RAMP), RAMP)
    np.testing.assert_array_equal(PhaseShuffle(2)(RAMP[:, :1], training=True), RAMP[:, :1])


def test_gradients_of_second_order_pass():
    layer, inputs = PhaseShuffle(1, seed=1), tf.constant(RAMP)
    with tf.GradientTape() as outer:
        outer.watch(inputs)
        with tf.GradientTape() as inner:
            inner.watch(inputs)
            total = tf.reduce_sum(layer(inputs, training=True) ** 3)
        square = tf.reduce_sum(inner.gradient(total, inputs) ** 2)
    assert np.isfinite(outer.gradient(square, inputs)).all()


def test_it_is_saved_with_its_radius():
    layer = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(PhaseShuffle(3, seed=4))
    )
    assert (layer.radius, layer.seed) == (3, 4)
