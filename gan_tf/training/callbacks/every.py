"""The base of the callbacks that act every N steps."""

import keras


class Every(keras.callbacks.Callback):
    """Calls the subclass's `act(step, logs)` every `steps` training steps.

    The step is the model's own count, which continues over epochs, calls of `fit` and restarts;
    with several steps per execution the call can be late, but happens once.

    Args:
        steps: the interval in training steps, from 1.
        dense: after this many calls the interval doubles, and again each time the number of steps has
            doubled, so that calls are few however long the run; None (default): never.
    """

    def __init__(self, steps, dense=None):
        super().__init__()
        self.steps = steps
        self.dense = dense

    def on_epoch_begin(self, epoch, logs=None):
        self._first = self._last = self.model.steps_made

    def on_train_batch_end(self, batch, logs=None):
        step = self._first + batch + 1
        interval = self._interval(step)
        if step // interval > self._last // interval:
            self.act(step, logs)
        self._last = step

    def _interval(self, step):
        """The interval before a step: a function of the step alone, so that resumed runs agree."""
        interval = self.steps
        while self.dense and step > self.dense * interval:
            interval *= 2
        return interval
