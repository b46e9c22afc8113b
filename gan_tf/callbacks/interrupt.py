"""Stops the training between two steps when the process is asked to end."""

import signal

import keras


class StopOnSignal(keras.callbacks.Callback):
    """Turns Ctrl-C (SIGINT) and SIGTERM into a stop after the current step.

    Use it as a context manager around `fit`; a second signal ends the process at once.

    Attributes:
        received: the signal's number, or None.
    """

    def __init__(self):
        super().__init__()
        self.received = None

    def __enter__(self):
        self._before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
        for each in self._before:
            signal.signal(each, self._handle)
        return self

    def __exit__(self, *exception):
        self._restore()

    def on_train_batch_end(self, batch, logs=None):
        if self.received:
            self.model.stop_training = True

    def _handle(self, number, frame):
        self.received = number
        self._restore()

    def _restore(self):
        for each, handler in self._before.items():
            signal.signal(each, handler)
