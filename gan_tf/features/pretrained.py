"""Networks that were trained for this project and whose weights come with the package."""

import abc
import pathlib

import numpy as np
import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest, float32, resize, scale

_WEIGHTS = pathlib.Path(__file__).parent / "weights"


class Pretrained(Extractor):
    """Base of the extractors with weights in `weights/<name>.npz`.

    The file holds the arrays of `network()` in the order of Keras, in float16, and `mean` and
    `factor`, float32: the features are the penultimate layer less the mean of real training
    images, times the constant that puts uniform noise at a Frechet distance of 400 from them.
    Without these two, features have the arbitrary origin and unit in which training left them.

    Subclasses define `size`, of the images that the network sees, to which others are resized,
    antialiased; `label_names`, of its logits; and `network`.
    """

    size = None
    label_names = ()

    def __init__(self, image_shape=None):
        super().__init__(image_shape)
        path = _WEIGHTS / f"{self.name}.npz"
        with np.load(path, allow_pickle=False) as file:
            self.mean, self.factor = file["mean"], file["factor"]
            weights = [file[f"arr_{index}"] for index in range(len(file.files) - 2)]
        with float32():
            self.model = self.network()
        self.model.set_weights(weights)
        self.digest = digest(path.read_bytes(), f"{self.size} bilinear antialiased")

    @classmethod
    @abc.abstractmethod
    def network(cls):
        """Builds the network: (n, size, size, channels) in [-1, 1] -> features, logits."""

    def labels(self, images):
        """Returns which labels, of `label_names`, images have.

        Args:
            images: uint8 (n, height, width, channels), n at least 1.

        Returns:
            bool (n, labels): where it classifies, the most probable alone.
        """
        starts = range(0, len(images), self.batch_size)
        parts = [self._logits(images[at : at + self.batch_size]) for at in starts]
        logits = np.concatenate(parts)
        if self.classifies:
            return logits == logits.max(axis=1, keepdims=True)
        return logits > 0

    def _logits(self, images):
        return self.model(scale(resize(images, (self.size, self.size))), training=False)[1].numpy()

    def compute(self, images):
        seen = scale(resize(images, (self.size, self.size)))
        features, logits = self.model(seen, training=False)
        probabilities = tf.nn.softmax(logits) if self.classifies else None
        return (features - self.mean) * self.factor, probabilities


def save(path, model, mean, factor):
    """Writes the weights of a trained `network()` as `Pretrained` reads them."""
    weights = [np.asarray(each, np.float16) for each in model.get_weights()]
    np.savez_compressed(path, *weights, mean=np.float32(mean), factor=np.float32(factor))
