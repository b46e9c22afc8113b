"""The values of samples of any modality."""

import math

import numpy as np
import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest
from gan_tf.registry import FEATURES

_MOST = 256


@FEATURES.register("values")
class Values(Extractor):
    """The stored values, for samples of any modality, projected to 256 where there are more.

    The projection is on fixed random directions, which keep distances nearly as they are (Johnson
    and Lindenstrauss, 1984). Stored integers are divided by the largest of their dtype.
    """

    name = "values"
    modalities = ()
    channels = None

    def __init__(self):
        super().__init__()
        self.digest = digest(f"values {_MOST}")

    def compute(self, images):
        length = math.prod(images.shape[1:])
        largest = images.dtype.max if images.dtype.is_integer else 1
        flat = tf.reshape(tf.cast(images, tf.float32), (-1, length)) / largest
        if length <= _MOST:
            return flat, None
        directions = np.random.RandomState(0).standard_normal((length, _MOST))  # a frozen stream
        return flat @ tf.constant(directions / math.sqrt(_MOST), tf.float32), None
