"""Snapshots: samples of the same latents, again and again, as the generator learns."""

import functools

import numpy as np

from gan_tf.errors import writing
from gan_tf.files.atomic_write import write
from gan_tf.gans.random_states import undisturbed
from gan_tf.runtime.inference import inference
from gan_tf.training.callbacks.every import Every

_FRAMES = 100


class Samples(Every):
    """Writes samples from fixed latents, to a file each time and to TensorBoard.

    The generator runs as it does in use: with the moving statistics of its batch
    normalization. The first snapshot is made before the first step.

    Args:
        steps: the interval in training steps.
        directory: where `step-00000000.png` and its followers go; the suffix is the modality's.
        inputs: what the model's `preview` takes.
        modality: that of the samples.
        logs: the `Logs` callback, or None.
        columns: how many samples stand in a row; None: about as many as there are rows.
    """

    def __init__(self, steps, directory, inputs, modality, logs=None, columns=None):
        super().__init__(steps)
        self.directory = directory
        self.inputs = inputs
        self.columns = columns
        self.modality = modality
        self.logs = logs

    def path(self, step):
        """Returns the file of the snapshot at `step`."""
        return self.directory / f"step-{step:08d}{self.modality.snapshot_suffix}"

    @functools.cached_property
    def _draw(self):
        return inference(self.model.preview)

    def on_train_begin(self, logs=None):
        if self.model.steps_made == 0:
            self.act(0, logs)

    def act(self, step, logs):
        with undisturbed(self.model):
            samples = self.modality.to_stored(self._draw(self.inputs))
        content = self.modality.snapshot(samples, self.columns)
        if not self.logs:
            write(self.path(step), content)
            return
        with self.logs.disk.may_be_full(), writing(self.directory):
            write(self.path(step), content)
            with self.logs.writer.as_default(step=step):
                self.modality.summarize("samples", samples, self.columns)


def snapshots(directory, modality):
    """Returns the paths of the snapshots in `directory`, oldest first."""
    return sorted(directory.glob(f"step-*{modality.snapshot_suffix}"))


def write_history(directory, modality):
    """Makes one file of the snapshots in `directory`, of at most 100 of them.

    Returns:
        Its path; None where the modality has no such file.
    """
    if not modality.history_name:
        return None
    files = snapshots(directory, modality)
    chosen = np.unique(np.linspace(0, len(files) - 1, min(len(files), _FRAMES)).round().astype(int))
    path = directory / modality.history_name
    write(path, modality.history([files[index] for index in chosen]))
    return path
