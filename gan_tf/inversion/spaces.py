"""The spaces that a search goes through: latents, or styles."""

import numpy as np
import tensorflow as tf

from gan_tf.registry import OBJECTIVES
from gan_tf.runs.style_space import StyleSpace

_SAMPLES = 10_000  # of which mean and deviation of w are computed


class Latents:
    """Latents from N(0, I).

    Args:
        trained: a `TrainedRun`.

    Attributes:
        name: "z".
        latent_dim: the length of a latent.
        shape: of one point.
    """

    name = "z"

    def __init__(self, trained):
        self._trained = trained
        self.latent_dim = trained.latent_dim
        self.shape = (self.latent_dim,)

    def begin(self, normal, labels, starts):
        """Returns the points where a search begins, float32 (n, *shape).

        Args:
            normal: latents, float32 (n, latent_dim).
            labels: their classes, int (n,), 0 without classes.
            starts: int (n,): the index of the start that each is.
        """
        del labels, starts
        return normal

    def generate(self, points, labels):
        """Returns the images of points, differentiably: (n, H, W, C) in [-1, 1]."""
        trained = self._trained
        return trained.generator(
            [points, labels] if trained.conditional else points, training=False
        )

    def samples(self, points, labels):
        """Returns the stored samples of points that were found."""
        return self._trained.samples(points, self._given(labels))

    def arrays(self, points, labels):
        """Returns what is kept of points that were found: arrays by name."""
        del labels
        return {"latents": points}

    def _given(self, labels):
        return labels if self._trained.conditional else None


class Styles(Latents):
    """W: one w for all layers, as its difference from the mean w of its class, in standard deviations.

    The standard deviation is that of all entries of w, so that a learning rate means about the same
    as for latents. The first start is the mean, the others are the styles of random latents. Noise
    inputs are fixed, as always in use.

    Source: Karras et al., 2020 (https://arxiv.org/abs/1912.04958), section 5 and appendix D: the start,
    and the scale of w; there, noise inputs are optimized too.

    Args:
        trained: a `TrainedRun` of a style-based generator.

    Attributes:
        mean: float32 (classes, m), or (1, m): the mean w of each class.
        deviation: a float.
    """

    name = "w"

    def __init__(self, trained):
        super().__init__(trained)
        self._space = StyleSpace(trained)
        classes = len(trained.label_names) if trained.conditional else 1
        labels = np.arange(_SAMPLES) % classes
        drawn = self._space.drawn(_SAMPLES, labels=self._given(labels))
        self.mean = np.stack([drawn[labels == each].mean(0) for each in range(classes)])
        self.deviation = float(np.std(drawn - self.mean[labels])) or 1.0
        self.shape = self._shape()

    def begin(self, normal, labels, starts):
        rows = self._space.styles(normal, self._given(labels))
        points = (rows - self.mean[labels][:, None]) / self.deviation
        points[np.asarray(starts) == 0] = 0
        return points[:, 0] if len(self.shape) == 1 else points

    def generate(self, points, labels):
        rows = self.rows(points, labels)
        return self._space.synthesis(self._space.given(rows, labels), training=False)

    def samples(self, points, labels):
        return self._space.samples(self.rows(points, labels).numpy(), self._given(labels))

    def arrays(self, points, labels):
        rows = self.rows(points, labels).numpy()
        return {self.name: rows[:, 0] if len(self.shape) == 1 else rows}

    def rows(self, points, labels):
        """Returns the rows of w of points, a tensor (n, rows, m)."""
        points = tf.convert_to_tensor(points)
        if len(self.shape) == 1:
            points = tf.repeat(points[:, None], self._space.rows, axis=1)
        return tf.gather(self.mean, labels)[:, None] + self.deviation * points

    def _shape(self):
        return (self._space.dim,)


class StylesByLayer(Styles):
    """W+: a w for each layer, each as in `Styles`; it fits more images, also ones unlike the training data.

    Source: Abdal et al., "Image2StyleGAN", 2019 (https://arxiv.org/abs/1904.03189), sections 4 and 5.
    """

    name = "w_plus"

    def _shape(self):
        return self._space.rows, self._space.dim


SPACES = {each.name: each for each in (Latents, Styles, StylesByLayer)}


def suitable(objectives, space):
    """Returns those of some specs of objectives that are for a space, such as "z"."""
    entries = ((each, OBJECTIVES.entry(each).attributes["spaces"]) for each in objectives)
    return [each for each, spaces in entries if not spaces or space in spaces]
