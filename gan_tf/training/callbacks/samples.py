"""Image snapshots: the same latents, again and again, as the generator learns."""

import functools

import numpy as np
import tensorflow as tf
from PIL import Image

from gan_tf.errors import writing
from gan_tf.files.atomic_write import write
from gan_tf.gans.random_states import undisturbed
from gan_tf.modalities import image as images
from gan_tf.runtime.inference import inference
from gan_tf.training.callbacks.every import Every

_FRAMES = 100


class Samples(Every):
    """Writes a grid of samples from fixed latents, as PNG and to TensorBoard.

    The generator runs as it does in use: with the moving statistics of its batch
    normalization. The first grid is made before the first step.

    Args:
        steps: the interval in training steps.
        directory: where `step-00000000.png` and its followers go.
        inputs: what the model is called with: latents (n, latent_dim), or, where it is
            conditional, [latents, labels (n,)], a class after the other.
        logs: the `Logs` callback, or None.
    """

    def __init__(self, steps, directory, inputs, logs=None):
        super().__init__(steps)
        self.directory = directory
        self.inputs = inputs
        conditional = isinstance(inputs, list)  # a row a class
        self.columns = int(np.sum(inputs[1] == inputs[1][0])) if conditional else None
        self.logs = logs

    def path(self, step):
        """Returns the file of the snapshot at `step`."""
        return self.directory / f"step-{step:08d}.png"

    @functools.cached_property
    def _draw(self):
        return inference(self.model.sampler)

    def on_train_begin(self, logs=None):
        if self.model.steps_made == 0:
            self.act(0, logs)

    def act(self, step, logs):
        with undisturbed(self.model):
            generated = self._draw(self.inputs)
        sheet = images.grid(images.to_uint8(generated), self.columns)
        if not self.logs:
            write(self.path(step), images.png(sheet))
            return
        with self.logs.disk.may_be_full(), writing(self.directory):
            write(self.path(step), images.png(sheet))
            with self.logs.writer.as_default(step=step):
                tf.summary.image("samples", sheet[None])


def write_animation(directory):
    """Makes animation.gif of the snapshots in `directory`, at most 100 of them; returns its path."""
    files = sorted(directory.glob("step-*.png"))
    chosen = np.unique(np.linspace(0, len(files) - 1, min(len(files), _FRAMES)).round().astype(int))
    frames = []
    for index in chosen:
        try:
            with Image.open(files[index], formats=("PNG",)) as image:
                pixels = np.asarray(image)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # a damaged one
            continue
        pixels = pixels[..., None] if pixels.ndim == 2 else pixels
        if not frames or pixels.shape == frames[0].shape:
            frames.append(pixels)
    path = directory / "animation.gif"
    write(path, images.gif(frames))
    return path
