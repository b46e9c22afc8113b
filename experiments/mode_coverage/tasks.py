"""The distributions with known modes: their samples, networks and scores."""

import io

import keras
import numpy as np
import tensorflow as tf

from experiments.mode_coverage import networks
from experiments.mode_coverage.scores import mixture_scores, triple_scores
from gan_tf.data import pipeline
from gan_tf.data.examples import Examples
from gan_tf.data.mnist import Mnist
from gan_tf.features.mnist_classifier import MnistClassifier
from gan_tf.modalities import image as images
from gan_tf.networks import build
from gan_tf.registry import ARCHITECTURES
from gan_tf.runtime import precision

_DRAWN_AT_ONCE = 100  # batches


class Mixture:
    """Equal, isotropic Gaussians in the plane.

    Args:
        means: float (modes, 2).
        sigma: their standard deviation along each axis.
    """

    num_samples = 2500
    quality = "high_quality"

    def __init__(self, means, sigma):
        self.means = np.asarray(means, np.float32)
        self.sigma = sigma
        self.num_modes = len(self.means)

    def set_up(self):
        """Sets TensorFlow up for layers that are too small to be split among threads."""
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)

    def networks(self, preset):
        """Builds the generator and the discriminator."""
        kinds = {
            "published": networks.PublishedPoints(),
            "spread": networks.SpreadPoints(float(self.means.std())),
        }
        kind = kinds[preset.networks]
        return kind.generator(preset.latent_dim), kind.discriminator(preset.packing)

    def batches(self, batch_size, seed):
        """Yields new points for ever: a `tf.data.Dataset` of float32 (batch_size, 2)."""

        def draw(number):
            shape, seeds = (_DRAWN_AT_ONCE, batch_size), tf.stack([tf.cast(seed, tf.int64), number])
            modes = tf.random.stateless_uniform(shape, seeds, 0, self.num_modes, tf.int32)
            # Numbers are even: the odd seeds are those of the noise.
            noise = tf.random.stateless_normal((*shape, 2), tf.stack([seeds[0], number + 1]))
            return tf.gather(self.means, modes) + self.sigma * noise

        return tf.data.Dataset.counter(0, 2).map(draw).unbatch().prefetch(_DRAWN_AT_ONCE)

    def scores(self, samples):
        """Scores float (n, 2); see `mixture_scores`."""
        return mixture_scores(samples, self.means, self.sigma)

    def picture(self, samples):
        """Returns a PNG of the samples over circles of 3 sigma around the means."""
        import matplotlib  # only here: it takes a second to import

        matplotlib.use("Agg")
        from matplotlib import patches, pyplot

        figure, axes = pyplot.subplots(figsize=(6, 6), layout="constrained")
        for mean in self.means:
            axes.add_patch(patches.Circle(mean, 3 * self.sigma, color="C1", alpha=0.4, lw=0))
        axes.scatter(*samples.T, s=2, c="C0", lw=0)
        axes.set_aspect("equal")
        buffer = io.BytesIO()
        figure.savefig(buffer, dpi=100)
        pyplot.close(figure)
        return buffer.getvalue()


def ring(data_dir=None):
    """Eight Gaussians on a circle of radius 1, sigma 0.01."""
    del data_dir
    angles = 2 * np.pi * np.arange(8) / 8
    return Mixture(np.stack([np.cos(angles), np.sin(angles)], 1), 0.01)


def grid(data_dir=None):
    """Twenty-five Gaussians at {-4, -2, 0, 2, 4}^2, sigma 0.05."""
    del data_dir
    axis = np.arange(-4, 5, 2)
    return Mixture([(x, y) for x in axis for y in axis], 0.05)


class StackedMnist:
    """Three handwritten digits in the three channels of an image: 1,000 modes.

    128,000 triples, drawn at random from the 60,000 training images. Samples are classified
    channel by channel by the project's `mnist_classifier`, which was trained on the same kind of
    input: uint8 digits, scaled to [-1, 1].

    Args:
        data_dir: of tensorflow-datasets; None: its default.
    """

    num_samples = 26_000
    num_modes = 1000
    quality = "kl"
    image_shape = (28, 28, 3)
    num_triples = 128_000

    def __init__(self, data_dir=None):
        self._source = Mnist(data_dir)
        self._source.prepare()

    def set_up(self):
        """Sets the precision that suits the machine."""
        keras.config.set_dtype_policy(precision.resolve("auto"))

    def networks(self, preset):
        """Builds the generator and the discriminator."""
        architecture = ARCHITECTURES.build(preset.networks)
        return (
            architecture.generator(self.image_shape, preset.latent_dim),
            build.packed(architecture, self.image_shape, preset.packing),
        )

    def triples(self, count, seed):
        """Stacks random digits: uint8 (count, 28, 28, 3)."""
        digits = pipeline.load(self._source).samples
        chosen = np.random.default_rng(seed).integers(len(digits), size=(count, 3))
        return np.concatenate([digits[each] for each in chosen.T], -1)

    def batches(self, batch_size, seed):
        """Yields batches for ever: float32 (batch_size, 28, 28, 3) in [-1, 1]."""
        triples = Examples({"image": self.triples(self.num_triples, seed)})
        return pipeline.batches(triples, batch_size, seed)

    def scores(self, samples):
        """Scores float (n, 28, 28, 3) in [-1, 1]; see `triple_scores`."""
        return triple_scores(self.classes(images.Image().to_stored(samples)))

    def classes(self, pixels):
        """Reads the digits of uint8 (n, 28, 28, 3): int (n, 3)."""
        classify = MnistClassifier()
        channels = np.split(pixels, 3, -1)
        return np.stack([classify(each)[1].argmax(1) for each in channels], 1)

    def picture(self, samples):
        """Returns a PNG of the first 100 samples."""
        return images.png(images.grid(images.Image().to_stored(samples[:100])))


TASKS = {"ring": ring, "grid": grid, "stacked_mnist": StackedMnist}
