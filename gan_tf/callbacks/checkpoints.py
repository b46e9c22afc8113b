"""Writes checkpoints while the model trains."""

from gan_tf.callbacks.every import Every


class Checkpoints(Every):
    """Saves the model's whole training state to a `CheckpointStore`.

    Args:
        steps: the interval in training steps.
        store: the `CheckpointStore`.
        logs: the `Logs` callback, which is flushed first: what is logged does then not
            depend on whether the run was interrupted.
    """

    def __init__(self, steps, store, logs):
        super().__init__(steps)
        self.store = store
        self.logs = logs

    def act(self, step, logs):
        if step in self.store.steps():
            return
        self.logs.flush(step)
        self.store.save(self.model)
