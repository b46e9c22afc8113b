"""Logged values: TensorBoard scalars and JSON lines."""

import json

import tensorflow as tf
from tensorboard.plugins.hparams import api as hparams

from gan_tf.errors import writing
from gan_tf.files.atomic_write import sync_path, write
from gan_tf.runs.log_groups import tag
from gan_tf.runs.metrics_log import rows
from gan_tf.training.callbacks.disk import Disk
from gan_tf.training.callbacks.every import Every


class Logs(Every):
    """Writes the means since the last time to TensorBoard and to a JSON Lines file.

    TensorBoard groups them (see `log_groups`), and shows the last of each, scores among them, beside
    the run's options as hyperparameters.

    Lines newer than the model's step, left by a run that was killed after its last checkpoint,
    are dropped when training begins, in TensorBoard too; running means that are not written yet
    are restored with the model and continued. So the log of a run does not depend on
    interruptions.

    Args:
        steps: the interval in training steps; the run, and each epoch that is not shorter, also end
            with a line.
        directory: for TensorBoard's events.
        path: the JSON Lines file: {"step", "epoch", and the model's metrics by name}.
        steps_per_epoch: training steps of an epoch.
        options: the run's options, {name: str, bool, int or float}, which TensorBoard shows
            as hyperparameters.
        total_steps: training steps of the run; default: unknown.

    Attributes:
        rows: the lines, a dict each.
        disk: the `Disk` that handles a full disk; lines are kept in memory until they can be
            written.
    """

    def __init__(self, steps, directory, path, steps_per_epoch, options=None, total_steps=None):
        super().__init__(steps)
        self.path = path
        self.steps_per_epoch = steps_per_epoch
        self.options = options or {}
        self.total_steps = total_steps
        self.disk = Disk()
        with writing(directory):
            self.writer = tf.summary.create_file_writer(str(directory))
        self.rows = rows(path)
        self._written = len(self.rows)
        self._size = path.stat().st_size if path.exists() else 0
        self._began = False
        self._means = None

    def on_train_begin(self, logs=None):
        self._keep_means()
        if self._began:
            return
        self._began = True
        self.drop_after(self.model.steps_made)
        if self.options:
            with self.disk.may_be_full(), writing(self.path), self.writer.as_default():
                hparams.hparams(self.options, trial_id=self.path.parent.resolve().name)

    def on_epoch_begin(self, epoch, logs=None):
        super().on_epoch_begin(epoch, logs)
        if self._means is not None:
            for state, value in zip(self._mean_states(), self._means):
                state.assign(value)
            self._means = None

    def on_epoch_end(self, epoch, logs=None):
        if self.steps > self.steps_per_epoch:  # they continue into the next epoch
            self._keep_means()

    def on_train_batch_end(self, batch, logs=None):
        before = self._last
        super().on_train_batch_end(batch, logs)
        ends_epoch = self._last // self.steps_per_epoch > before // self.steps_per_epoch
        if (ends_epoch and self.steps <= self.steps_per_epoch) or self._last == self.total_steps:
            self.flush(self._last)

    def drop_after(self, step):
        """Drops the lines newer than a step, and any truncated by a kill."""
        self.rows = [row for row in rows(self.path) if row["step"] <= step]
        content = _lines(self.rows)
        write(self.path, content)
        self._written, self._size = len(self.rows), len(content)
        self._purge(step + 1 if step else 0)

    def act(self, step, logs):
        self.flush(step)

    def flush(self, step):
        """Writes the running means now, if there are any, and resets them."""
        means = {each.name: float(each.result()) for each in self.model.metrics if each.count > 0}
        if not means:
            return
        self.model.reset_metrics()
        self.record(step, means)

    def record(self, step, values):
        """Writes values, {name: float}, to both logs."""
        row = {"step": step, "epoch": round(step / self.steps_per_epoch, 4)}
        row |= {name: round(value, 6) for name, value in values.items()}
        self.rows.append(row)
        with self.disk.may_be_full(), writing(self.path):
            self._append()
            with self.writer.as_default(step=step):
                for name, value in values.items():
                    tf.summary.scalar(tag(name), value)

    def sync(self):
        """Syncs all lines and events to disk."""
        with writing(self.path):
            self._append()
            sync_path(self.path)
            self.writer.flush()

    def _append(self):
        """Writes the lines that are not in the file yet, over what a failed attempt left."""
        content = _lines(self.rows[self._written :])
        with open(self.path, "r+b" if self._size else "wb") as file:
            file.seek(self._size)
            file.truncate()
            file.write(content)
        self._written, self._size = len(self.rows), self._size + len(content)

    def _purge(self, step):
        """Makes TensorBoard drop the events from a step on, by writing a session start.

        TensorBoard ignores the first start, that of the run, so one is written there too.
        """
        event = tf.compat.v1.Event(
            step=step, session_log=tf.compat.v1.SessionLog(status=tf.compat.v1.SessionLog.START)
        )
        with self.disk.may_be_full(), writing(self.path):
            # There is an op for it, but no public function.
            tf.raw_ops.ImportEvent(writer=self.writer._resource, event=event.SerializeToString())

    def _keep_means(self):
        """Copies the running means, which Keras resets when an epoch begins."""
        self._means = [each.numpy() for each in self._mean_states()]

    def _mean_states(self):
        return [state for metric in self.model.metrics for state in metric.variables]


def _lines(rows):
    return "".join(f"{json.dumps(each)}\n" for each in rows).encode()
