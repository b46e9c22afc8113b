"""The JSON Lines log."""

import json

import keras
import pytest

from gan_tf.callbacks.logs import Logs


class Model:
    """What the callback needs of a model."""

    step = 0

    def __init__(self):
        self.loss = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.loss]

    def reset_metrics(self):
        self.loss.reset_state()


@pytest.fixture
def logs(tmp_path):
    callback = Logs(2, tmp_path / "logs", tmp_path / "metrics.jsonl", steps_per_epoch=4)
    callback.set_model(Model())
    return callback


def rows(logs):
    return [json.loads(line) for line in logs.path.read_text().splitlines()]


def test_writes_the_means_since_the_last_time(logs):
    logs.on_train_begin()
    logs.on_epoch_begin(0)
    for batch, loss in enumerate([1.0, 3.0, 10.0, 20.0]):
        logs.model.loss.update_state(loss)
        logs.on_train_batch_end(batch, {"loss": float(logs.model.loss.result())})
    assert rows(logs) == [
        {"step": 2, "epoch": 0.5, "loss": 2.0},
        {"step": 4, "epoch": 1.0, "loss": 15.0},
    ]


def test_drops_what_is_newer_than_the_model_and_what_was_cut_short(logs):
    logs.path.write_text('{"step": 2}\n{"step": 4}\n{"step": 6}\n{"st')
    logs.model.step = 4
    logs.on_train_begin()
    assert rows(logs) == [{"step": 2}, {"step": 4}]


def test_drops_nothing_when_fit_is_called_again(logs):
    logs.on_train_begin()
    logs.model.loss.update_state(1.0)
    logs.flush(2)
    logs.on_train_begin()
    assert [row["step"] for row in rows(logs)] == [2]


def test_the_end_of_an_epoch_loses_nothing(logs):
    """Keras resets the metrics there, between two times of this log."""
    logs.on_train_begin()
    logs.on_epoch_begin(0)
    for batch, loss in enumerate([1.0, 3.0, 7.0]):
        logs.model.loss.update_state(loss)
        logs.on_train_batch_end(batch)
    logs.on_epoch_end(0)
    assert [(row["step"], row["loss"]) for row in rows(logs)] == [(2, 2.0), (3, 7.0)]
    logs.on_epoch_end(0)
    assert len(rows(logs)) == 2
