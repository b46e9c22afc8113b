"""What callbacks of the user's own see at the end of an epoch."""

import keras


class EpochValues(keras.callbacks.Callback):
    """Puts the values that were logged at the end of an epoch, scores among them, in Keras's logs.

    `Logs` resets the means when it writes them, so that Keras has none left. Put it before the callbacks
    that are to see them.

    Args:
        logs: the `Logs` callback.
    """

    def __init__(self, logs):
        super().__init__()
        self._logs = logs

    def on_epoch_end(self, epoch, logs=None):
        step = self.model.steps_made
        for row in reversed(self._logs.rows):
            if row["step"] != step:
                break
            logs.update({name: row[name] for name in row.keys() - {"step", "epoch"}})
