"""An untrained convolutional network of frames and of their differences."""

import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest
from gan_tf.features.random_conv import RandomConv
from gan_tf.registry import FEATURES


@FEATURES.register("video_conv")
class VideoConv(Extractor):
    """`random_conv` of frames and of their differences, for any videos; 512 features.

    The first 256 are the means over all frames of a video. The others are those over the differences of
    each frame and the one before, (255 + x(t + 1) - x(t)) / 2, rounded down. The order of
    frames, direction and rhythm of a motion, shows in the differences alone.
    """

    name = "video_conv"
    modalities = ("video",)
    channels = None
    batch_size = 50

    def __init__(self):
        super().__init__()
        self._frames = RandomConv()
        self.digest = digest(self._frames.digest, "frames, differences")

    def compute(self, images):
        return tf.concat([self._mean(images), self._mean(differences(images))], axis=1), None

    def _mean(self, images):
        return tf.reduce_mean(of_frames(lambda x: self._frames.compute(x)[0], images), axis=1)


def of_frames(function, videos):
    """Applies a function of images to the frames of videos.

    Args:
        function: (n, height, width, C) -> (n, ...).
        videos: a tensor (n, frames, height, width, C).

    Returns:
        A tensor (n, frames, ...).
    """
    made = function(tf.reshape(videos, (-1, *videos.shape[2:])))
    return tf.reshape(made, (-1, videos.shape[1], *made.shape[1:]))


def differences(videos):
    """Returns the differences of neighboring frames of videos as images, of a single frame gray.

    Args:
        videos: a uint8 tensor (n, frames, height, width, C).

    Returns:
        A uint8 tensor (n, frames - 1 or 1, height, width, C): 127 where nothing changes.
    """
    values = tf.cast(videos, tf.int32)
    last = max(1, videos.shape[1] - 1)
    return tf.cast((255 + values[:, -last:] - values[:, :last]) // 2, tf.uint8)
