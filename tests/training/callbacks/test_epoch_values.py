"""Callbacks of the user's own see what was logged."""

import keras

from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from tests.training.trained import rows


class Seen(keras.callbacks.Callback):
    """Keeps the logs of epochs, and counts steps."""

    def __init__(self):
        super().__init__()
        self.epochs, self.steps = [], 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1

    def on_epoch_end(self, epoch, logs=None):
        self.epochs.append((epoch, dict(logs)))


def test_the_logs_of_an_epoch_are_its_last_line(config):
    seen = Seen()
    scored = dict(evaluate_every="1epoch", metric=("precision(20)",), features="pixels")
    assert loop.train(config(**scored), [seen]) == 0
    assert seen.steps == 10 and [epoch for epoch, _ in seen.epochs] == [0, 1]
    logged = rows(RunDir(config().run_dir))
    for step, (_, logs) in zip((5, 10), seen.epochs):
        lines = [row for row in logged if row["step"] == step]
        assert logs == {k: v for row in lines for k, v in row.items() if k not in ("step", "epoch")}
        assert logs["generator_loss"] > 0 and "precision" in logs
