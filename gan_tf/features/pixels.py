"""The pixels themselves."""

import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.features.extractor import Extractor, digest
from gan_tf.registry import FEATURES


@FEATURES.register("pixels")
class Pixels(Extractor):
    """The pixels, in [0, 1], averaged down to at most 16x16; a baseline that knows no objects.

    Each feature is the mean of a rectangle of one channel: 14x14 of them for images of 28
    pixels, 16x16 for 64, few enough that a few thousand images can estimate their covariances.

    Args:
        size: maximum height and width, default 16.

    Raises:
        UserError: when `size` is less than 1.
    """

    name = "pixels"

    def __init__(self, size: int = 16):
        super().__init__()
        if size < 1:
            raise UserError(f"pixels({size}): the size must be 1 or more.")
        self.size = size
        self.digest = digest(f"pixels {size} area")

    def compute(self, images):
        height, width = (side // -(-side // self.size) for side in images.shape[1:3])
        small = tf.image.resize(images, (height, width), "area") / 255.0
        return tf.reshape(small, (-1, height * width * images.shape[3])), None
