"""The progress bar."""

import keras

from gan_tf.messages import progress_bar


class Progress(keras.callbacks.Callback):
    """A bar for the entire run, with samples per second, time left and the losses.

    On a terminal it is redrawn in place; in a file it is one line per minute.

    Args:
        total_steps: training steps of the run.
        steps_per_epoch: training steps per epoch.
        samples_per_step: real samples per training step.
        plural: what samples are called: "images".
    """

    def __init__(self, total_steps, steps_per_epoch, samples_per_step, plural):
        super().__init__()
        self.total_steps = total_steps
        self.steps_per_epoch = steps_per_epoch
        self.samples_per_step = samples_per_step
        self.plural = plural
        self._bar = None
        self._notes = {}

    def note(self, name, value):
        """Shows a value next to the losses from now on."""
        self._notes[name] = value

    def on_epoch_begin(self, epoch, logs=None):
        step = self.model.steps_made
        if self._bar is None:
            self._bar = progress_bar(
                total=self.total_steps * self.samples_per_step,
                initial=step * self.samples_per_step,
                unit=f" {self.plural}",
                unit_scale=True,
                smoothing=0.05,
                leave=True,
            )
        epochs = -(-self.total_steps // self.steps_per_epoch)
        self._bar.set_description(f"epoch {epoch + 1}/{epochs}", refresh=False)
        self._done = -1

    def on_train_batch_end(self, batch, logs=None):
        if logs and batch % 10 == 0:
            losses = {
                name[0].upper(): logs[f"{name}_loss"]
                for name in reversed(self.model.optimizers)
                if f"{name}_loss" in logs
            }
            shown = losses | self._notes
            self._bar.set_postfix({k: f"{v:.3g}" for k, v in shown.items()}, refresh=False)
        self._bar.update((batch - self._done) * self.samples_per_step)
        self._done = batch

    def close(self):
        """Closes the bar and ends its line."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
