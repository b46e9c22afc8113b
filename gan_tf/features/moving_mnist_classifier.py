"""A classifier of handwritten digits that follows them as they move."""

from gan_tf.features.mnist_classifier import MnistClassifier
from gan_tf.features.moving_glyph_classifier import MovingGlyphClassifier
from gan_tf.registry import FEATURES


@FEATURES.register("moving_mnist_classifier")
class MovingMnistClassifier(MovingGlyphClassifier):
    """`mnist_classifier`, following a digit that moves, for videos; 192 features.

    Otherwise as `moving_glyph_classifier`.
    """

    name = "moving_mnist_classifier"
    of_images = MnistClassifier
