"""Moving glyphs: the embedded data set of video."""

import itertools

from gan_tf.data.moving_digits import MovingDigits
from gan_tf.registry import DATASETS


@DATASETS.register("moving_glyphs")
class MovingGlyphs(MovingDigits):
    """Moving glyphs: 8,000 videos of a drawn digit that moves and bounces; nothing to download.

    Each video has a digit of its own, drawn as those of `gan_tf.data.glyphs`; see `MovingDigits`.
    """

    name = "moving_glyphs"
    features = "moving_glyph_classifier"
    terms = "free of terms: drawn by gan_tf with Pillow's own font"

    def drawn(self, count, held_out):
        from gan_tf.data import glyphs  # here, so that flags can be checked without TensorFlow

        for start in itertools.count():
            yield glyphs.draw(count, (2, int(held_out), start))
