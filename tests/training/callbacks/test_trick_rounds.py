"""Rounds of tricks between steps."""

import types

from gan_tf.training.callbacks.trick_rounds import TrickRounds
from gan_tf.tricks.trick import Trick


class Counting(Trick):
    rounds = 3

    def round(self, gan, step, modality):
        return {"value": float(step)}


def test_a_round_is_due_every_some_steps_and_logged():
    logged = []
    logs = types.SimpleNamespace(record=lambda step, values: logged.append((step, values)))
    callback = TrickRounds(Counting(), None, logs)
    callback.set_model(types.SimpleNamespace(steps_made=2))
    callback.on_epoch_begin(0)
    for batch in range(5):
        callback.on_train_batch_end(batch)
    assert logged == [(3, {"value": 3.0}), (6, {"value": 6.0})]
