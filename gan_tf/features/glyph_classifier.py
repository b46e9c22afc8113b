"""A classifier of the embedded drawn digits."""

from gan_tf.features.mnist_classifier import MnistClassifier
from gan_tf.registry import FEATURES


@FEATURES.register("glyph_classifier")
class GlyphClassifier(MnistClassifier):
    """A small classifier of the digits of glyphs; gray images, 64 features, 10 classes.

    Like `mnist_classifier`, which recognizes only three of four glyphs, with half as many filters.
    """

    name = "glyph_classifier"
    widths = (8, 16, 32)
