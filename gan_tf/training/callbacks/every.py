"""The base of the callbacks that act every N steps."""

import keras


class Every(keras.callbacks.Callback):
    """Calls the subclass's `act(step, logs)` every `steps` training steps.

    The step is the model's own count, which continues over epochs, calls of `fit` and restarts;
    with several steps per execution the call can be late, but happens once.

    Args:
        steps: the interval in training steps, from 1.
    """

    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def on_epoch_begin(self, epoch, logs=None):
        self._first = self._last = self.model.steps_made

    def on_train_batch_end(self, batch, logs=None):
        step = self._first + batch + 1
        if step // self.steps > self._last // self.steps:
            self.act(step, logs)
        self._last = step
