"""Stops the workers of a run at the same step."""

import keras


class StopTogether(keras.callbacks.Callback):
    """Stops all workers at the same step when one of them stops.

    Put it last among the callbacks.

    Args:
        workers: the `Workers`.
        stop: the `StopOnSignal`.
    """

    def __init__(self, workers, stop):
        super().__init__()
        self.workers = workers
        self.stop = stop

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = self.workers.agree_to_stop(self.stop, self.model.stop_training)
