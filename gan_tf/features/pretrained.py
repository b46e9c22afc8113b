"""Networks trained for this project, with weights included in the package."""

import abc
import pathlib

import keras
import numpy as np
import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest, float32, resize, scale
from gan_tf.files.array_file import read_npz
from gan_tf.files.plain_file import read_bytes

_MOST_BYTES = 1 << 28
_WEIGHTS = pathlib.Path(__file__).parent / "weights"


class Pretrained(Extractor):
    """The base class of the extractors with weights in `weights/<name>.npz`.

    The file contains the arrays of `network()` in the order of Keras, in float16, and `mean` and
    `factor`, float32: the features are the penultimate layer minus the mean of real training
    images, times the constant for which uniform noise has a Frechet distance of 400 from them.
    Without these two, the features' origin and scale would be arbitrary results of training.

    Subclasses define `size`, of the network's input, to which other images are resized,
    antialiased; `label_names`, of its logits; and `network`.
    """

    inner_maps = True
    size = None
    label_names = ()

    def __init__(self, image_shape=None):
        super().__init__(image_shape)
        path = _WEIGHTS / f"{self.name}.npz"
        arrays = read_npz(path, _MOST_BYTES)
        self.mean, self.factor = arrays.pop("mean"), arrays.pop("factor")
        weights = [arrays[f"arr_{index}"] for index in range(len(arrays))]
        with float32():
            self.model = self.network()
        self.model.set_weights(weights)
        self.digest = digest(read_bytes(path, _MOST_BYTES), f"{self.size} bilinear antialiased")

    @classmethod
    @abc.abstractmethod
    def network(cls):
        """Builds the network: (n, size, size, channels) in [-1, 1] -> features, logits."""

    def labels(self, images):
        """Predicts the labels, of `label_names`, of images.

        Args:
            images: uint8 (n, height, width, channels), n at least 1.

        Returns:
            bool (n, labels): if it classifies, only the most probable label is true.
        """
        logits = self._outputs(images)
        if self.classifies:
            return logits == logits.max(axis=1, keepdims=True)
        return logits > 0

    def logits(self, images):
        """Returns the logit of each of `label_names`: that an image has this label, whatever others it has.

        Args:
            images: uint8 (n, height, width, channels), n at least 1.

        Returns:
            float32 (n, labels); if it classifies, log p - log(1 - p) of the probabilities p.
        """
        outputs = self._outputs(images)
        if not self.classifies:
            return outputs
        others = np.broadcast_to(outputs[:, None], (*outputs.shape, outputs.shape[1])).copy()
        others[:, range(outputs.shape[1]), range(outputs.shape[1])] = -np.inf
        return outputs - np.logaddexp.reduce(others, axis=2)

    def seen(self, images):
        """Returns the network's input for stored samples: float32 (n, size, size, channels) in [-1, 1]."""
        return scale(resize(images, (self.size, self.size)))

    def _outputs(self, images):
        """The network's logits, float32 (n, labels)."""
        starts = range(0, len(images), self.batch_size)
        parts = [
            self.model(self.seen(images[at : at + self.batch_size]), training=False)
            for at in starts
        ]
        return np.concatenate([logits.numpy() for _, logits in parts])

    def maps(self, images):
        """Returns the maps before each pooling, in the images' own size, as far as they are not empty."""
        x, found = images, []
        for layer in self.model.layers[1:]:
            if isinstance(layer, keras.layers.MaxPooling2D):
                found.append(x)
            x = layer(x, training=False)
            if 0 in x.shape[1:3] or isinstance(layer, keras.layers.Flatten):
                break
        return found

    def compute(self, images):
        features, logits = self.model(self.seen(images), training=False)
        probabilities = tf.nn.softmax(logits) if self.classifies else None
        return (features - self.mean) * self.factor, probabilities


def save(path, model, mean, factor):
    """Writes the weights of a trained `network()` for `Pretrained`."""
    weights = [np.asarray(each, np.float16) for each in model.get_weights()]
    np.savez_compressed(path, *weights, mean=np.float32(mean), factor=np.float32(factor))
