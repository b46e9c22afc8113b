"""Content losses by hand."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import CONTENT_LOSSES

OUTPUT = tf.constant([[[[0.0], [1.0]], [[0.5], [-1.0]]]])  # (1, 2, 2, 1)
TARGET = tf.constant([[[[0.0], [0.0]], [[1.0], [-0.5]]]])


@pytest.mark.parametrize(
    "spec, expected",
    [
        ("l1", 100 * (0 + 1 + 0.5 + 0.5) / 4),
        ("l1(2)", 2 * 0.5),
        ("l2(1)", (1 + 0.25 + 0.25) / 4),
        # down: |0.5 - 0|, |-1 - 1|; across: |1 - 0|, |-1 - 0.5|
        ("total_variation(3)", 3 * ((0.5 + 2) / 2 + (1 + 1.5) / 2)),
        ("none", 0),
    ],
)
def test_values(spec, expected):
    np.testing.assert_allclose(CONTENT_LOSSES.build(spec)(OUTPUT, TARGET), expected, rtol=1e-6)


def test_negative_weights_are_refused():
    with pytest.raises(UserError, match="negative: it must be 0 or more"):
        CONTENT_LOSSES.build("l1(-1)")


@pytest.mark.parametrize("name", CONTENT_LOSSES.names())
def test_losses_are_saved_as_their_arguments(name):
    loss = CONTENT_LOSSES.build(name)
    copy = type(loss).from_config(loss.get_config())
    np.testing.assert_array_equal(copy(OUTPUT, TARGET), loss(OUTPUT, TARGET))
