"""Logged values: TensorBoard scalars and a line of JSON each."""

import contextlib
import json

import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

from gan_tf.callbacks.every import Every
from gan_tf.errors import writing
from gan_tf.run_dir import write


class Logs(Every):
    """Writes the means since the last time to TensorBoard and to a JSON Lines file.

    Lines of the file that are newer than the model's step, left by a run that was killed
    after its last checkpoint, are dropped when the training begins.

    Args:
        steps: the interval in training steps.
        directory: for TensorBoard's events.
        path: the JSON Lines file: {"step", "epoch", and the model's metrics by name}.
        steps_per_epoch: training steps of an epoch.
        options: the run's options, {name: str, bool, int or float}, which TensorBoard shows
            as hyperparameters.

    Attributes:
        rows: what the file holds, a dict a line.
    """

    def __init__(self, steps, directory, path, steps_per_epoch, options=None):
        super().__init__(steps)
        self.path = path
        self.steps_per_epoch = steps_per_epoch
        self.options = options or {}
        with writing(directory):
            self.writer = tf.summary.create_file_writer(str(directory))
        self.rows = rows(path)
        self._began = False

    def on_train_begin(self, logs=None):
        if self._began:
            return
        self._began = True
        self.drop_after(int(self.model.step))
        if self.options:
            with self.writer.as_default():
                hparams.hparams(self.options, trial_id=str(self.path.parent))

    def drop_after(self, step):
        """Drops the lines that are newer than a step, and what was cut short by a kill."""
        self.rows = [row for row in rows(self.path) if row["step"] <= step]
        write(self.path, "".join(f"{json.dumps(each)}\n" for each in self.rows).encode())

    def on_epoch_end(self, epoch, logs=None):
        self.flush(self._last)  # Keras begins new means with each epoch

    def act(self, step, logs):
        self.flush(step)

    def flush(self, step):
        """Writes the means now, where there are any, and begins new ones."""
        means = {each.name: float(each.result()) for each in self.model.metrics if each.count > 0}
        if not means:
            return
        self.model.reset_metrics()
        self.record(step, means)

    def record(self, step, values):
        """Writes a line of values, {name: float}, to both."""
        row = {"step": step, "epoch": round(step / self.steps_per_epoch, 4)}
        row |= {name: round(value, 6) for name, value in values.items()}
        self.rows.append(row)
        with writing(self.path):
            with self.writer.as_default(step=step):
                for name, value in values.items():
                    tf.summary.scalar(name, value)
            with open(self.path, "a") as file:
                file.write(json.dumps(row) + "\n")


def read(path, name):
    """Returns [(step, value)] of one logged value in a JSON Lines file, in order; [] without any."""
    return [(row["step"], row[name]) for row in rows(path) if name in row]


def rows(path):
    """Returns the lines of a JSON Lines file as dicts, in order, but what was cut short by a kill."""
    found = []
    for line in path.read_text().splitlines() if path.exists() else ():
        with contextlib.suppress(ValueError):
            row = json.loads(line)
            if isinstance(row, dict) and "step" in row:
                found.append(row)
    return found
