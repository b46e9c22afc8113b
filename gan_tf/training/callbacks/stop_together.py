"""Stops the workers of a run at the same step."""

import time

import keras

_SECONDS = 1  # between two questions


class StopTogether(keras.callbacks.Callback):
    """Stops all workers at the same step, about a second after one of them wants to stop.

    Asking takes two messages and makes all wait for the slowest, so that not each step does it. Put it
    last among the callbacks.

    Args:
        workers: the `Workers`.
        stop: the `StopOnSignal`.
        every: they are asked, too, each time so many steps are made, for each of these numbers, because
            something may end the run there, or must not be missed. Default: ().
    """

    def __init__(self, workers, stop, every=()):
        super().__init__()
        self.workers = workers
        self.stop = stop
        self.every = every
        self._wanted, self._batches, self._interval = False, 0, 1
        self._asked = time.monotonic()

    def on_train_batch_end(self, batch, logs=None):
        self._batches += 1
        self._wanted |= bool(self.model.stop_training)
        due = any(self.model.steps_made % each == 0 for each in self.every)
        if self._batches < self._interval and not due:
            self.model.stop_training = False
            return
        self.model.stop_training = self.workers.agree_to_stop(self.stop, self._wanted)
        self._wanted = False
        milliseconds = int(1000 * (time.monotonic() - self._asked))
        slowest = max(1, *self.workers.gather(milliseconds))  # the same for all
        self._interval = max(1, 1000 * _SECONDS * self._batches // slowest)
        self._batches, self._asked = 0, time.monotonic()
