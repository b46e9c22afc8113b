"""The values of samples of any modality."""

import math

import numpy as np
import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest
from gan_tf.registry import FEATURES

_MAX_FEATURES = 256


@FEATURES.register("values")
class Values(Extractor):
    """The stored values, for samples of any modality, projected to 256 where there are more.

    The projection onto fixed random directions approximately preserves distances (Johnson and
    Lindenstrauss, 1984). Stored integers are divided by the maximum of their dtype.
    """

    name = "values"
    modalities = ()
    channels = None

    def __init__(self):
        super().__init__()
        self.digest = digest(f"values {_MAX_FEATURES}")

    def compute(self, images):
        length = math.prod(images.shape[1:])
        largest = images.dtype.max if images.dtype.is_integer else 1
        flat = tf.reshape(tf.cast(images, tf.float32), (-1, length)) / largest
        if length <= _MAX_FEATURES:
            return flat, None
        directions = np.random.RandomState(0).standard_normal(
            (length, _MAX_FEATURES)
        )  # a frozen stream
        return flat @ tf.constant(directions / math.sqrt(_MAX_FEATURES), tf.float32), None
