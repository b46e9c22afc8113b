"""The JSON Lines log."""

import errno
import json
import os

import keras
import pytest
import tensorflow as tf

from gan_tf.training.callbacks import logs as log_files
from gan_tf.training.callbacks.logs import Logs


class Model:
    """What the callback needs of a model."""

    steps_made = 0

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


def test_means_are_taken_over_several_epochs_shorter_than_the_interval(tmp_path):
    logs = Logs(4, tmp_path / "logs", tmp_path / "metrics.jsonl", steps_per_epoch=3, total_steps=9)
    logs.set_model(Model())
    logs.on_train_begin()
    for epoch in range(3):
        logs.model.reset_metrics()  # as Keras does
        logs.on_epoch_begin(epoch)
        for batch in range(3):
            logs.model.loss.update_state(3 * epoch + batch + 1)  # the number of the step
            logs.on_train_batch_end(batch)
        logs.on_epoch_end(epoch)
        logs.model.steps_made += 3
    assert [(row["step"], row["loss"]) for row in rows(logs)] == [(4, 2.5), (8, 6.5), (9, 9)]


def test_drops_what_is_newer_than_the_model_and_what_was_cut_short(logs):
    logs.path.write_text('{"step": 2}\n{"step": 4}\n{"step": 6}\n{"st')
    logs.model.steps_made = 4
    logs.on_train_begin()
    assert rows(logs) == [{"step": 2}, {"step": 4}]


def test_drops_nothing_when_fit_is_called_again(logs):
    logs.on_train_begin()
    logs.model.loss.update_state(1.0)
    logs.flush(2)
    logs.on_train_begin()
    assert [row["step"] for row in rows(logs)] == [2]


def test_the_end_of_an_epoch_loses_nothing(tmp_path):
    """Keras resets the metrics there, between two times of this log; the run ends with a line too."""
    logs = Logs(2, tmp_path / "logs", tmp_path / "log", steps_per_epoch=3, total_steps=5)
    logs.set_model(Model())
    logs.on_train_begin()
    for epoch, losses in enumerate([[1.0, 3.0, 7.0], [9.0, 4.0]]):
        logs.model.steps_made = 3 * epoch
        logs.on_epoch_begin(epoch)
        for batch, loss in enumerate(losses):
            logs.model.loss.update_state(loss)
            logs.on_train_batch_end(batch)
        logs.on_epoch_end(epoch)
    found = [(row["step"], row["loss"]) for row in rows(logs)]
    assert found == [(2, 2.0), (3, 7.0), (4, 9.0), (5, 4.0)]


def test_means_that_came_with_a_checkpoint_are_gone_on_with(logs):
    logs.model.loss.update_state(1.0)  # as restored
    logs.on_train_begin()
    logs.model.reset_metrics()  # as Keras does
    logs.on_epoch_begin(0)
    for batch, loss in enumerate([2.0, 6.0]):
        logs.model.loss.update_state(loss)
        logs.on_train_batch_end(batch)
    assert [row["loss"] for row in rows(logs)] == [3.0]


def test_tensorboard_forgets_what_is_dropped(logs):
    # That of TensorBoard itself; its older namesake does not purge tensors.
    from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator

    logs.on_train_begin()
    for step in (2, 4, 6):
        logs.record(step, {"loss": float(step)})
    logs.drop_after(4)
    logs.record(6, {"loss": 60.0})
    logs.writer.flush()
    events = EventAccumulator(str(logs.path.parent / "logs"))
    events.Reload()
    shown = [
        (event.step, float(tf.make_ndarray(event.tensor_proto)))
        for event in events.Tensors("losses/loss")
    ]
    assert shown == [(2, 2.0), (4, 4.0), (6, 60.0)]
    assert [row["loss"] for row in rows(logs)] == [2.0, 4.0, 60.0]


def test_lines_wait_while_the_disk_is_full(logs, monkeypatch, capsys):
    """What a failed try left of a line is written over."""
    logs.record(2, {"loss": 1.0})
    with monkeypatch.context() as patch:

        def half(rows):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr(log_files, "_lines", half)
        logs.record(4, {"loss": 2.0})
        logs.record(6, {"loss": 3.0})
    with open(logs.path, "a") as file:
        file.write('{"step": 4, "lo')
    assert capsys.readouterr().err.count("Disk full") == 1
    logs.record(8, {"loss": 4.0})
    assert [row["loss"] for row in rows(logs)] == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    "line",
    [
        '{"step": "2"}',
        '{"step": null}',
        '{"step": 2.5}',
        '{"step": true}',
        '{"step": 2, "x": []}',
        '{"step": 2, "x": "1"}',
        '{"epoch": 1}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_lines_that_no_log_has_are_left_out(tmp_path, line):
    (tmp_path / "log").write_text(f'{{"step": 1}}\n{line}\n{{"step": 3}}\n')
    assert log_files.rows(tmp_path / "log") == [{"step": 1}, {"step": 3}]
