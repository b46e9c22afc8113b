"""Snapshots: samples from the same latents at regular intervals during training."""

import functools
import re

import numpy as np

from gan_tf.errors import writing
from gan_tf.files.atomic_write import write
from gan_tf.gans.random_states import preserved_random_states
from gan_tf.runtime.inference import inference
from gan_tf.training.callbacks.every import Every

_FRAMES = 100


class Samples(Every):
    """Writes samples from fixed latents, to a file each time and to TensorBoard.

    The generator runs in inference mode, with the moving statistics of batch normalization.
    The first snapshot is made before the first step.

    Args:
        steps: the interval in training steps.
        directory: for `step-00000000.png` and so on; the suffix is the modality's.
        inputs: of the model's `preview`.
        modality: of the samples.
        logs: the `Logs` callback, or None.
        columns: of the sheet; None: about as many as rows.
        dense: see `Every`.
    """

    def __init__(self, steps, directory, inputs, modality, logs=None, columns=None, dense=None):
        super().__init__(steps, dense)
        self.directory = directory
        self.inputs = inputs
        self.columns = columns
        self.modality = modality
        self.logs = logs

    def path(self, step):
        """Returns the file of the snapshot at `step`."""
        return self.directory / f"step-{step:08d}{self.modality.snapshot_suffix}"

    @functools.cached_property
    def _generate(self):
        return inference(self.model.preview)

    def on_train_begin(self, logs=None):
        if self.model.steps_made == 0:
            self.act(0, logs)

    def act(self, step, logs):
        with preserved_random_states(self.model):
            samples = self.modality.to_stored(self._generate(self.inputs))
        files = self.modality.snapshot_files(samples, self.columns)
        if not self.logs:
            self._write(step, files)
            return
        with self.logs.disk.may_be_full(), writing(self.directory):
            self._write(step, files)
            with self.logs.writer.as_default(step=step):
                self.modality.summarize("samples", samples, self.columns)

    def _write(self, step, files):
        for suffix, content in files.items():
            write(self.path(step).with_suffix(suffix), content)


def snapshots(directory, modality):
    """Returns the paths of the snapshots in `directory`, oldest first."""
    name = re.compile(rf"step-[0-9]{{8,18}}{re.escape(modality.snapshot_suffix)}")
    found = (each for each in directory.iterdir() if name.fullmatch(each.name))
    return sorted(found, key=lambda each: int(each.stem.removeprefix("step-")))


def write_history(directory, modality):
    """Combines the snapshots in `directory`, at most 100 of them, in one file.

    Returns:
        Its path; None if the modality has no such file, or no snapshot can be read.
    """
    if not modality.history_name:
        return None
    files = snapshots(directory, modality)
    chosen = np.unique(np.linspace(0, len(files) - 1, min(len(files), _FRAMES)).round().astype(int))
    path = directory / modality.history_name
    content = modality.history([files[index] for index in chosen])
    if content is None:
        return None
    write(path, content)
    return path
