"""Batches that are divided."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.gans.batch import trimmed


@pytest.mark.parametrize(
    "count, multiple, expected",
    [
        (7, 1, range(7)),
        (6, 3, range(6)),
        (7, 3, range(6)),
        (5, 4, range(4)),
        (2, 3, [0, 1, 0]),
        (1, 4, [0] * 4),
    ],
)
def test_the_rows_that_a_number_divides(count, multiple, expected):
    for specified in (count, None):  # rows known when the graph is built, or not
        compiled = tf.function(
            lambda values: trimmed(values, multiple),
            input_signature=[tf.TensorSpec((specified, 2), tf.float32)],
        )
        rows = np.arange(2 * count, dtype=np.float32).reshape(count, 2)
        np.testing.assert_array_equal(compiled(rows), rows[list(expected)])


def test_a_batch_that_can_be_divided_is_not_copied():
    values = tf.ones((6, 2))
    assert trimmed(values, 3) is values and trimmed(values, 1) is values
