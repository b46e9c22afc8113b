"""The base class of the feature extractors, and helpers."""

import abc
import contextlib
import hashlib

import keras
import numpy as np
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.modalities.image import Image

_KINDS = {1: "grayscale", 3: "RGB"}


class Extractor(abc.ABC):
    """The base class of the feature extractors.

    Subclasses set `name`, `digest` and, where they differ, the class attributes below, and
    define `compute`.

    Args:
        image_shape: (height, width, channels) of the images, to be checked now; default None:
            images are checked in the first call.
    """

    name = None
    digest = None
    classifies = False
    inner_maps = False  # whether it has `maps`, which perceptual losses compare
    modalities = ("image",)
    channels = (1, 3)  # of the images it accepts; None: any shape
    batch_size = 250  # images; does not affect the results

    def __init__(self, image_shape=None):
        if image_shape:
            self.check(image_shape)
        self._compiled = {}

    def __call__(self, images):
        """Extracts features.

        Args:
            images: stored samples (n, *shape), n at least 1; images also as floats from 0 to 255, which
                are not rounded.

        Returns:
            Features, float32 (n, d), and class probabilities, float32 (n, classes), or None if
            the extractor does not classify. They do not depend on the other images.

        Raises:
            UserError: for unsupported images, and for features that are not finite.
        """
        shape, key = images.shape[1:], (images.shape[1:], images.dtype)
        if key not in self._compiled:
            self.check(shape)
            signature = tf.TensorSpec((None, *shape), images.dtype)
            self._compiled[key] = tf.function(self.compute, [signature])
        starts = range(0, len(images), self.batch_size)
        batches = [images[at : at + self.batch_size] for at in starts]
        # The products of matrices with one row are rounded differently, so no image is alone.
        batches[-1] = batches[-1].repeat(2, axis=0) if len(batches[-1]) == 1 else batches[-1]
        features, probabilities = zip(*map(self._compiled[key], batches))
        features = np.concatenate(features)[: len(images)]
        if not np.isfinite(features).all():
            raise UserError(
                f"--features={self.name} makes features that are NaN or infinite: choose others."
            )
        return features, np.concatenate(probabilities)[: len(images)] if self.classifies else None

    @abc.abstractmethod
    def compute(self, images):
        """Does `__call__` for one batch: takes a tensor, returns a tensor and a tensor or None."""

    def maps(self, images):
        """Returns maps inside the network, [(n, h, w, C)], differentiable, from the first layers on.

        Args:
            images: float32 (n, height, width, channels) in [-1, 1], of any size.
        """
        raise NotImplementedError

    def check(self, image_shape):
        """Raises a `UserError` if images of this shape are not supported."""
        if self.channels and image_shape[-1] not in self.channels:
            kinds = [
                _KINDS.get(each, f"{each}-channel") for each in (*self.channels, image_shape[-1])
            ]
            raise UserError(
                f"--features={self.name} supports only {' and '.join(kinds[:-1])} images, and these "
                f"are {kinds[-1]}: choose --features=random_conv, for any images."
            )


@contextlib.contextmanager
def float32():
    """Makes layers built inside the context compute in float32, whatever the global policy."""
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
        size: the target height and width, in pixels.
        method, antialias: as for `tf.image.resize`.

    Returns:
        float32 (n, *size, channels) in [0, 255]; unchanged values if the size is the same.
    """
    images = tf.cast(images, tf.float32)
    if images.shape[1:3] == tuple(size):
        return images
    resized = tf.image.resize(images, size, method, antialias=antialias)
    return tf.clip_by_value(resized, 0.0, 255.0)  # bicubic overshoots


def scale(images):
    """Scales [0, 255] to [-1, 1] float32, like the images of all networks."""
    return Image().to_network(tf.convert_to_tensor(images))


def rgb(images):
    """Converts grayscale to RGB; (n, height, width, 1 or 3) -> (n, height, width, 3)."""
    return tf.repeat(images, 3, axis=-1) if images.shape[-1] == 1 else images


def digest(*parts):
    """Returns 12 hexadecimal digits of the SHA-256 of strings and bytes."""
    combined = hashlib.sha256()
    for part in parts:
        combined.update(part.encode() if isinstance(part, str) else part)
    return combined.hexdigest()[:12]
