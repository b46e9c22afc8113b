"""Models on chunks of one size."""

import keras
import numpy as np
import pytest

from gan_tf.runtime.fixed_batch import FixedBatchModel


def test_rows_come_back_in_order_and_number():
    rows = keras.Input((2,))
    chunked = FixedBatchModel(keras.Model(rows, {"sum": keras.ops.sum(rows, axis=1)}), size=4)
    for count in (0, 1, 4, 9):
        given = np.arange(2.0 * count).reshape(count, 2)
        np.testing.assert_array_equal(chunked(given)["sum"], given.sum(axis=1))
        np.testing.assert_array_equal(chunked(given, size=3)["sum"], given.sum(axis=1))


def test_several_inputs_keep_their_types():
    images, labels = keras.Input((1,)), keras.Input((), dtype="int32")
    model = keras.Model([images, labels], images[:, 0] + keras.ops.cast(labels, "float32"))
    assert FixedBatchModel(model, size=2)([[0.5]] * 3, [1, 2, 3]).tolist() == [1.5, 2.5, 3.5]


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_row_does_not_depend_on_how_many_follow(dropout):
    from gan_tf.tricks.noise import ConstantDropout

    inputs = keras.Input((6,))
    model = keras.Model(inputs, ConstantDropout(dropout, seed=1)(inputs))
    chunked = FixedBatchModel(model, size=3)
    rows = np.random.default_rng(0).standard_normal((9, 6)).astype(np.float32)
    every = chunked(rows)
    np.testing.assert_array_equal(chunked(rows[:7]), every[:7])
    np.testing.assert_array_equal(chunked(rows[3:6]), every[3:6])
    np.testing.assert_array_equal(chunked(rows[:7], size=3), every[:7])
    dropped = every == 0
    assert (dropped[:3] != dropped[3:6]).any() == bool(dropout)
