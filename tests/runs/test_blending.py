"""Weights are interpolated between two runs."""

import types

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.runs.blending import blended


def run(units, value):
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units)])
    generator.set_weights([np.full(each.shape, value) for each in generator.get_weights()])
    return types.SimpleNamespace(
        generator=generator, run=types.SimpleNamespace(path=f"runs/{units}-{value}")
    )


@pytest.mark.parametrize("blend, value", [(0, 1.0), (0.25, 2.0), (1, 5.0)])
def test_the_share_is_that_of_the_run_itself(blend, value):
    for each in blended(run(3, 5.0), run(3, 1.0), blend):
        np.testing.assert_array_equal(each, value)


def test_other_layers_cannot_be_blended():
    with pytest.raises(UserError, match=r"'runs/4-1.0', which 'runs/3-5.0' started from"):
        blended(run(3, 5.0), run(4, 1.0), 0.5)
