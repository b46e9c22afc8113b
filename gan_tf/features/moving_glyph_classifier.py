"""A classifier of glyphs that follows them as they move."""

import tensorflow as tf

from gan_tf.features.centroids import centered
from gan_tf.features.extractor import Extractor, digest
from gan_tf.features.glyph_classifier import GlyphClassifier
from gan_tf.features.video_conv import differences, of_frames
from gan_tf.registry import FEATURES


@FEATURES.register("moving_glyph_classifier")
class MovingGlyphClassifier(Extractor):
    """`glyph_classifier`, following a digit that moves, for videos; 192 features.

    The window is that of `gan_tf.features.centroids.centered`. Features are those of the classifier: of the
    windows, their mean over the frames (what is seen), and the mean of the absolute differences between
    neighboring frames (what changes in it); and of the differences of whole frames, the mean (how it
    moves). Probabilities are the means over the frames.

    Args:
        image_shape: of the videos, default None: any.

    Raises:
        UserError: for RGB videos.
    """

    name = "moving_glyph_classifier"
    classifies = True
    modalities = ("video",)
    channels = (1,)
    batch_size = 50
    of_images = GlyphClassifier

    def __init__(self, image_shape=None):
        super().__init__(image_shape)
        self._network = self.of_images()
        self.digest = digest(self._network.digest, "follows, differences 1")

    def compute(self, images):
        seen, probabilities = self.of_frames(images)
        last = max(1, images.shape[1] - 1)
        changes = tf.abs(seen[:, -last:] - seen[:, :last])
        moves = of_frames(lambda x: self._network.compute(x)[0], differences(images))
        parts = [tf.reduce_mean(each, axis=1) for each in (seen, changes, moves)]
        return tf.concat(parts, axis=1), tf.reduce_mean(probabilities, axis=1)

    def of_frames(self, videos):
        """Returns features and probabilities of the windows of all frames.

        Args:
            videos: a uint8 tensor (n, frames, height, width, 1).

        Returns:
            float32 (n, frames, 64), and (n, frames, 10).
        """
        windows = centered(videos, self._network.size)
        found = of_frames(lambda x: tf.concat(self._network.compute(x), axis=-1), windows)
        return found[..., :64], found[..., 64:]
