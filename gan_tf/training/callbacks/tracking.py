"""Sends what is logged to an experiment tracker."""

from gan_tf.training.callbacks.every import Every


class Tracking(Every):
    """Sends logged values and snapshots to a tracker.

    Put it after the checkpoints, with their interval: a run that is killed then resumes from where
    everything that was sent belongs to it, and nothing is sent twice.

    Args:
        steps: the interval in training steps.
        tracked: the `gan_tf.runs.tracked_run.TrackedRun`.
        logs: the `Logs` callback.
    """

    def __init__(self, steps, tracked, logs):
        super().__init__(steps)
        self.tracked = tracked
        self.logs = logs

    def on_train_begin(self, logs=None):
        self.tracked.begin(len(self.logs.rows), self.model.steps_made)

    def act(self, step, logs):
        with self.logs.disk.may_be_full():
            self.tracked.send(self.logs.rows)

    def conclude(self, complete):
        """Sends the rest, when training is complete or has been stopped."""
        self.act(self.model.steps_made, None)
        with self.logs.disk.may_be_full():
            self.tracked.end(complete)
