"""Writes checkpoints during training."""

from gan_tf.training.callbacks.every import Every


class Checkpoints(Every):
    """Saves the model's complete training state to a `CheckpointStore`.

    Put it after all callbacks that log or sample: everything that belongs to a checkpoint's step
    is then done before it, and a resumed run neither repeats nor misses any of it.

    Args:
        steps: the interval in training steps.
        store: the `CheckpointStore`.
        logs: the `Logs` callback, whose lines are synced to disk before the checkpoint.
    """

    def __init__(self, steps, store, logs):
        super().__init__(steps)
        self.store = store
        self.logs = logs
        self._best = None

    def request(self, best):
        """Requests a checkpoint of this step, whether due or not, and a copy of it.

        Args:
            best: the `CheckpointStore` to copy it to.
        """
        self._best = best

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        if self._best:
            self.act(self._last, logs)

    def act(self, step, logs):
        steps = self.store.steps()
        kept = (
            f"the last good one is '{self.store.path(steps[-1])}'" if steps else "there is none yet"
        )
        with self.logs.disk.may_be_full(kept):
            self.save(step)

    def save(self, step):
        """Saves a checkpoint of this step unless there is one already.

        Raises:
            UserError: when the disk is full or cannot be written to.
        """
        best, self._best = self._best, None
        if step not in self.store.steps():
            self.logs.sync()
            self.store.save(self.model)
        if best:
            best.copy(self.store, step)
