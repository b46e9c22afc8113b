"""Filling in what is missing of images by going to and fro between images and latents."""

import dataclasses

import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.messages import progress_bar

_MOST_DRAWS = 2**32  # what is drawn in a step has indices of its own


@dataclasses.dataclass(frozen=True)
class Drawn:
    """What is drawn for each of n images.

    Attributes:
        images: float32 (n, draws, H, W, C) in [-1, 1]: the last G(z).
        errors: float32 (n, draws): mean squared difference of these and the known pixels.
    """

    images: np.ndarray
    errors: np.ndarray


class Gibbs:
    """Fills in missing pixels with an encoder and a generator that are each other's inverses.

    A draw begins with a random sample of the generator where pixels are missing. Each step encodes
    the image, generates another of the code, and takes its pixels where they are missing: known
    pixels stay. A Gaussian posterior is drawn from in each step; a deterministic encoder leaves all
    chance to the beginning.

    Source: Rezende et al., 2014 (https://arxiv.org/abs/1401.4082), who impute missing pixels so
    with a variational encoder.

    Args:
        trained: a `TrainedRun` whose GAN has an encoder.
        draws: how many for each image, from 1.
        steps: from 1.
        seed: draw d of image k depends on the seed, k and d alone.
        rows: images computed at once.

    Raises:
        UserError: when the run has no encoder.
    """

    def __init__(self, trained, draws=8, steps=30, seed=0, rows=256):
        self.draws = draws
        self.steps = steps
        self.seed = seed
        self.rows = max(rows, draws)
        self.latent_dim = trained.latent_dim
        encoding, generator = trained.encoding, trained.generator
        self._gaussian = "deviations" in encoding.output

        @tf.function(reduce_retracing=True)
        def generate(codes):
            return generator(codes, training=False)

        @tf.function(reduce_retracing=True)
        def encode(seen, missing, made, noise):
            found = encoding(tf.where(missing, made, seen), training=False)
            return found["codes"] + (found["deviations"] * noise if self._gaussian else 0)

        self._generate, self._encode = generate, encode

    def __call__(self, seen, missing, bar=True):
        """Draws.

        Args:
            seen: float32 (n, H, W, C) in [-1, 1].
            missing: bool (n, H, W, 1).
            bar: whether a progress bar is shown on stderr.

        Returns:
            `Drawn`.
        """
        at_once = min(self.rows // self.draws, len(seen))
        found = []
        total = -(-len(seen) // at_once) * self.steps
        with progress_bar(total=total, desc="drawing", unit="step", disable=not bar) as bar:
            for at in range(0, len(seen), at_once):
                # The last batch is filled up with images that were drawn for already.
                images = np.arange(at, at + at_once) % len(seen)
                found.append(self._draw(images, seen[images], missing[images], bar))
        joined = [np.concatenate(each)[: len(seen)] for each in zip(*found)]
        return Drawn(*joined)

    def _draw(self, images, seen, missing, bar):
        """Draws for the images of these indices; returns images and errors."""
        seen = tf.constant(np.repeat(seen, self.draws, axis=0))
        missing = tf.constant(np.repeat(missing, self.draws, axis=0))
        codes = tf.constant(self._noise(images, 0))
        made = self._generate(codes)
        for step in range(1, self.steps + 1):
            noise = self._noise(images, step) if self._gaussian else 0.0
            codes = self._encode(seen, missing, made, tf.constant(noise))
            made = self._generate(codes)
            bar.update()
        known = tf.cast(~missing, tf.float32)
        squares = tf.reduce_mean(tf.square(made - seen), axis=-1, keepdims=True)
        counts = tf.maximum(tf.reduce_sum(known, axis=(1, 2, 3)), 1)
        errors = tf.reduce_sum(known * squares, axis=(1, 2, 3)) / counts
        shape = len(images), self.draws
        return made.numpy().reshape(*shape, *made.shape[1:]), errors.numpy().reshape(shape)

    def _noise(self, images, step):
        """From N(0, I), for each draw of the images of these indices."""
        draws = (images[:, None] * self.draws + np.arange(self.draws)).ravel()
        return latents.draw(self.seed, draws + step * _MOST_DRAWS, self.latent_dim)
