"""What feature extractors have in common."""

import abc
import contextlib
import hashlib

import keras
import numpy as np
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.modalities.image import Image

_KINDS = {1: "grey", 3: "RGB"}


class Extractor(abc.ABC):
    """Base of the feature extractors.

    Subclasses set `name`, `digest` and, where they differ, the class attributes below, and
    define `compute`.

    Args:
        image_shape: (height, width, channels) of the images to come, so that ones that do not
            suit are refused now; None, the default: they are checked when they come.
    """

    name = None
    digest = None
    classifies = False
    modalities = ("image",)
    channels = (1, 3)  # of the images that it accepts; None: any shape
    batch_size = 250  # images at a time, of which the results do not depend

    def __init__(self, image_shape=None):
        if image_shape:
            self.check(image_shape)
        self._compiled = {}

    def __call__(self, images):
        """Looks at samples.

        Args:
            images: stored samples (n, *shape), n at least 1.

        Returns:
            Features, float32 (n, d), and probabilities of classes, float32 (n, classes), or
            None where the extractor does not classify.

        Raises:
            UserError: when the images are of a kind that it does not know.
        """
        shape = images.shape[1:]
        if shape not in self._compiled:
            self.check(shape)
            signature = tf.TensorSpec((None, *shape), images.dtype)
            self._compiled[shape] = tf.function(self.compute, [signature])
        starts = range(0, len(images), self.batch_size)
        parts = [self._compiled[shape](images[at : at + self.batch_size]) for at in starts]
        features, probabilities = zip(*parts)
        return np.concatenate(features), np.concatenate(probabilities) if self.classifies else None

    @abc.abstractmethod
    def compute(self, images):
        """What `__call__` does, for one batch: a tensor in, a tensor and a tensor or None out."""

    def check(self, image_shape):
        """Raises a `UserError` that says what to do when images of this shape do not suit."""
        if self.channels and image_shape[-1] not in self.channels:
            kinds = [
                _KINDS.get(each, f"{each}-channel") for each in (*self.channels, image_shape[-1])
            ]
            raise UserError(
                f"--features={self.name} knows {' and '.join(kinds[:-1])} images only, and these "
                f"are {kinds[-1]}: choose --features=random_conv, for images of any kind."
            )


@contextlib.contextmanager
def float32():
    """Makes layers that are built inside compute in float32, whatever the global policy is."""
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)


def resize(images, size, method="bilinear", antialias=True):
    """Resizes a batch.

    Args:
        images: uint8 (n, height, width, channels).
        size: the height and width to get, in pixels.
        method, antialias: as for `tf.image.resize`.

    Returns:
        float32 (n, *size, channels) in [0, 255]; the same values where that is their size.
    """
    images = tf.cast(images, tf.float32)
    if images.shape[1:3] == tuple(size):
        return images
    resized = tf.image.resize(images, size, method, antialias=antialias)
    return tf.clip_by_value(resized, 0.0, 255.0)  # bicubic overshoots


def scale(images):
    """Scales [0, 255] to [-1, 1], as everywhere in this project: float32."""
    return Image().to_network(tf.convert_to_tensor(images))


def rgb(images):
    """Repeats the channel of grey images; (n, height, width, 1 or 3) -> (n, height, width, 3)."""
    return tf.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images


def digest(*parts):
    """Returns 12 hexadecimal digits of the SHA-256 of strings and bytes."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() if isinstance(part, str) else part)
    return whole.hexdigest()[:12]
