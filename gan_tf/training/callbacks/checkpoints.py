"""Writes checkpoints while the model trains."""

from gan_tf.training.callbacks.every import Every


class Checkpoints(Every):
    """Saves the model's whole training state to a `CheckpointStore`.

    Put it behind all callbacks that log or draw: a checkpoint then has all that belongs to its
    step behind it, and a run that goes on from it repeats none of it and lacks none of it.

    Args:
        steps: the interval in training steps.
        store: the `CheckpointStore`.
        logs: the `Logs` callback, whose lines are safe on disk before the checkpoint is.
    """

    def __init__(self, steps, store, logs):
        super().__init__(steps)
        self.store = store
        self.logs = logs
        self._best = None

    def ask_for(self, best):
        """Makes the checkpoint of this step, whether it is due or not, and copies it.

        Args:
            best: the `CheckpointStore` that it is copied to.
        """
        self._best = best

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        if self._best:
            self.act(self._last, logs)

    def act(self, step, logs):
        steps = self.store.steps()
        kept = f"the last good one is '{self.store.path(steps[-1])}'" if steps else "there is none"
        with self.logs.disk.may_be_full(kept):
            self.save(step)

    def save(self, step):
        """Saves a checkpoint where there is none of this step yet.

        Raises:
            UserError: when the disk is full or cannot be written to.
        """
        best, self._best = self._best, None
        if step not in self.store.steps():
            self.logs.sync()
            self.store.save(self.model)
        if best:
            best.copy(self.store, step)
