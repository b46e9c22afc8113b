"""Values that are not finite end the training."""

import math
import types

import numpy as np
import pytest

from gan_tf.errors import NonFiniteError
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from gan_tf.training.callbacks.stop_on_non_finite import StopOnNonFinite
from tests.training.trained import variables


def test_losses_that_are_no_numbers_stop_the_training_and_keep_the_checkpoint(config):
    options = config(checkpoint_every="1steps", epochs=50, generator_optimizer="sgd(1e18)")
    with pytest.raises(
        NonFiniteError, match=r"became (nan|inf).*last good checkpoint is"
    ) as caught:
        loop.train(options)
    run = RunDir(options.run_dir)
    newest, state = variables(run)
    assert f"{newest:08d}" in str(caught.value)
    assert all(np.isfinite(each).all() for each in state.values() if each.dtype == np.float32)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_the_error_names_the_value_the_step_and_what_is_left(value):
    store = types.SimpleNamespace(steps=lambda: [], path=lambda step: f"checkpoints/{step}")
    callback = StopOnNonFinite(store)
    callback.set_model(types.SimpleNamespace(steps_made=7))
    callback.on_train_batch_end(0)
    callback.on_train_batch_end(1, {"generator_loss": 1e30})
    bad = {"generator_loss": 1.0, "discriminator_loss": value}
    with pytest.raises(NonFiniteError, match="there is no checkpoint yet") as caught:
        callback.on_train_batch_end(2, bad)
    assert caught.value.evidence == f"the discriminator_loss became {value}"
    assert f"The discriminator_loss became {value} at step 7" in str(caught.value)
    store.steps = lambda: [3, 6]
    with pytest.raises(NonFiniteError, match="the last good checkpoint is 'checkpoints/6'"):
        callback.on_train_batch_end(2, bad)
