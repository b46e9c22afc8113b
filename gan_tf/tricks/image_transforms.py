"""Random differentiable transforms of images, each with a probability: the pipeline of ADA.

Source: Karras et al., 2020 (https://arxiv.org/abs/2006.06676), appendix B, algorithm 1.
"""

import math

import keras
import tensorflow as tf

from gan_tf.tricks.image_resampling import bilinear

_SHIFT = 0.125  # of the size: the largest in whole pixels, the deviation of fractional ones
_SCALE = 0.2  # deviations of binary logarithms
_CONTRAST = 0.5
_SATURATION = 1.0
_BRIGHTNESS = 0.2  # deviation, of images in [-1, 1]


def transformed(images, probability, seed, groups, resample=bilinear):
    """Returns images, each changed by transforms of its own.

    Args:
        images: float32 (batch, H, W, C) in [-1, 1].
        probability: of each transform, a scalar tensor from 0 to 1; 0: images stay as they are.
        seed: a `keras.random.SeedGenerator`.
        groups: names in `GROUPS`.
        resample: of `image_resampling`, how geometric transforms resample. Default `bilinear`.

    Returns:
        The same shape and dtype. Pixels from beyond the edges are mirrored.
    """
    draw = _Draw(tf.shape(images)[0], probability, seed)
    geometric = [GROUPS[each] for each in groups if each != "color"]
    if geometric:
        matrix = tf.eye(3, batch_shape=[draw.count])
        for make in geometric:
            for inverse in make(draw, images.shape[1:3]):
                matrix = tf.matmul(matrix, inverse)
        images = resample(images, matrix[:, :2])
    return color(draw, images) if "color" in groups else images


class _Draw:
    """Draws one or more numbers for each image, and whether a transform happens to it."""

    def __init__(self, count, probability, seed):
        self.count = count
        self.probability = probability
        self._seed = seed

    def uniform(self, low, high, *shape):
        return keras.random.uniform((self.count, *shape), low, high, seed=self._seed)

    def normal(self, *shape):
        return keras.random.normal((self.count, *shape), seed=self._seed)

    def choice(self, count):
        """0 to count - 1, as floats."""
        return tf.floor(tf.minimum(self.uniform(0, count), count - 0.5))

    def often(self, value, otherwise, probability=None):
        """The value with the probability, else what changes nothing."""
        probability = self.probability if probability is None else probability
        once = (self.count, *[1] * (value.shape.rank - 1))
        happens = keras.random.uniform(once, seed=self._seed) < probability
        return tf.where(happens, value, otherwise * tf.ones_like(value))


def blit(draw, size):
    """Yields the inverse matrices (batch, 3, 3) of mirroring, quarter turns and whole shifts."""
    yield _scaling(1 - 2 * draw.often(draw.choice(2), 0.0), 1.0)
    yield _rotation(draw.often(draw.choice(4), 0.0), math.pi / 2)
    shift = draw.often(draw.uniform(-_SHIFT, _SHIFT, 2), 0.0)
    yield _shift(*(tf.round(shift[:, axis] * n) for axis, n in enumerate(size[::-1])))


def geometry(draw, size):
    """Yields the inverse matrices of scaling, rotation before and after stretching, and shifts."""
    factor = 2.0 ** draw.often(_SCALE * draw.normal(), 0.0)
    yield _scaling(1 / factor, 1 / factor)
    # Of two rotations, at least one happens with the probability.
    half = 1 - tf.sqrt(tf.maximum(1 - draw.probability, 0.0))
    yield _rotation(draw.often(draw.uniform(-math.pi, math.pi), 0.0, half))
    factor = 2.0 ** draw.often(_SCALE * draw.normal(), 0.0)
    yield _scaling(1 / factor, factor)
    yield _rotation(draw.often(draw.uniform(-math.pi, math.pi), 0.0, half))
    shift = draw.often(_SHIFT * draw.normal(2), 0.0)
    yield _shift(*(shift[:, axis] * n for axis, n in enumerate(size[::-1])))


def color(draw, images):
    """Changes brightness, contrast, luma, hue and saturation; of gray images the first three."""
    brightness = draw.often(_BRIGHTNESS * draw.normal(), 0.0)
    contrast = 2.0 ** draw.often(_CONTRAST * draw.normal(), 0.0)
    inverted = 1 - 2 * draw.often(draw.choice(2), 0.0)
    images = (images + _each(brightness)) * _each(contrast)
    if images.shape[-1] != 3:
        return images * _each(inverted)
    angle = draw.often(draw.uniform(-math.pi, math.pi), 0.0)
    saturation = 2.0 ** draw.often(_SATURATION * draw.normal(), 0.0)
    luma = tf.ones((3, 3)) / 3  # projects on the gray axis
    # Rodrigues' formula, around that axis.
    cross = tf.constant([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    chroma = tf.eye(3) - luma
    angle, saturation = angle[:, None, None], saturation[:, None, None]
    turned = tf.cos(angle) * chroma + tf.sin(angle) * cross
    # I, not luma + chroma, so that images without a change stay exactly as they are.
    change = tf.eye(3) + (saturation * turned - chroma) + (inverted[:, None, None] - 1) * luma
    return tf.einsum("bhwi,boi->bhwo", images, change)


GROUPS = {"blit": blit, "geometry": geometry, "color": color}


def _each(values):
    return values[:, None, None, None]


def _matrix(*rows):
    """(batch, 3, 3) of two rows of three numbers, or of (batch,) of them."""
    count = next(tf.shape(each)[0] for row in rows for each in row if tf.is_tensor(each))
    full = [[each * tf.ones((count,)) for each in row] for row in (*rows, (0.0, 0.0, 1.0))]
    return tf.stack([tf.stack(row, -1) for row in full], 1)


def _scaling(x, y):
    return _matrix((x, 0.0, 0.0), (0.0, y, 0.0))


def _shift(x, y):
    """The inverse of a shift."""
    return _matrix((1.0, 0.0, -x), (0.0, 1.0, -y))


def _rotation(angle, unit=1.0):
    """The inverse of a rotation; by quarter turns exactly, if these are the unit."""
    cos, sin = tf.cos(angle * unit), tf.sin(angle * unit)
    if unit != 1.0:
        cos, sin = tf.round(cos), tf.round(sin)
    return _matrix((cos, sin, 0.0), (-sin, cos, 0.0))
