"""Resamples images by affine maps, bilinearly or through a wavelet; differentiable any number of times."""

import functools

import numpy as np
import tensorflow as tf

# The low-pass filter of sym6, the symlet with six vanishing moments (Daubechies, "Ten Lectures on
# Wavelets", 1992, section 8.1), scaled to a sum of 1.
_FILTER = np.array(
    [
        0.015404109327027373,
        0.0034907120842174702,
        -0.11799011114819057,
        -0.048311742585633,
        0.4910559419267466,
        0.787641141030194,
        0.3379294217276218,
        -0.07263752278646252,
        -0.021060292512300564,
        0.04472490177066578,
        0.0017677118642428036,
        -0.007800708325034148,
    ]
) / np.sqrt(2)
_CENTER = 5  # the tap that is on the pixel itself


def bilinear(images, matrices):
    """Resamples images bilinearly, which blurs them.

    Args:
        images: float32 (batch, H, W, C).
        matrices: float32 (batch, 2, 3), from positions (x, y, 1) in the result, in pixels from the center,
            to positions in the image, which is mirrored beyond its edges.

    Returns:
        (batch, H, W, C).
    """
    height, width = images.shape[1:3]
    x, y = _sources(matrices, np.arange(width), np.arange(height), (width, height))
    made = _interpolated(images, _mirrored(x, width), _mirrored(y, height))
    return tf.reshape(made, tf.shape(images))


def filtered(images, matrices):
    """Resamples images at twice their size, between two filters: the low pass of wavelet sym6.

    Shifts by whole pixels change no values, and other maps blur less than between pixels of the image
    itself. The filter is not symmetric, so that mirrored images are not quite mirror images.

    Source: Karras et al., 2020 (https://arxiv.org/abs/2006.06676), appendix B.

    Args:
        images: float32 (batch, H, W, C); H and W at least 2.
        matrices: as for `bilinear`.

    Returns:
        (batch, H, W, C).
    """
    height, width, channels = images.shape[1:]
    finer = _resized(images, _doubling(height), _doubling(width))
    halves = (np.arange(2 * n + len(_FILTER) - 2) / 2 - _CENTER / 2 for n in (width, height))
    x, y = _sources(matrices, *halves, (width, height))
    down, across = _halving(height), _halving(width)
    made = _interpolated(finer, _repeated(2 * x, width), _repeated(2 * y, height))
    made = tf.reshape(made, (-1, down.shape[1], across.shape[1], channels))
    return _resized(made, down, across)


def _sources(matrices, columns, rows, size):
    """Where positions of a result come from, in pixels from the first of the image: x and y, (batch, n)."""
    centers = [(each - 1) / 2 for each in size]
    x, y = np.meshgrid(columns - centers[0], rows - centers[1])
    places = np.stack([x, y, np.ones_like(x)]).reshape(1, 3, -1).astype(np.float32)
    found = tf.matmul(matrices, tf.repeat(places, tf.shape(matrices)[0], axis=0))
    return found[:, 0] + centers[0], found[:, 1] + centers[1]


def _mirrored(positions, length):
    """The two pixels of a row around positions, and the distance from the first."""
    last = length - 1
    inside = last - tf.abs(tf.math.floormod(positions, 2.0 * last) - last)
    first = tf.cast(tf.clip_by_value(tf.floor(inside), 0, last), tf.int32)
    return (first, tf.minimum(first + 1, last)), inside - tf.cast(first, tf.float32)


def _repeated(positions, length):
    """The same of a row of `_doubling`, which repeats itself."""
    period = 4 * (length - 1)
    first = tf.floor(positions)
    before = tf.math.floormod(tf.cast(first, tf.int32), period)
    return (before, tf.math.floormod(before + 1, period)), positions - first


def _interpolated(images, horizontal, vertical):
    """Values between four pixels, (batch, n, C); `horizontal` and `vertical` are those of two each."""
    _, height, width, channels = images.shape
    pixels = tf.reshape(images, (-1, height * width, channels))
    (columns, across), (rows, down) = horizontal, vertical
    total = 0.0
    for row, share in zip(rows, (1 - down, down)):
        for column, part in zip(columns, (1 - across, across)):
            here = tf.gather(pixels, row * width + column, batch_dims=1)
            total += here * tf.cast(share * part, images.dtype)[..., None]
    return total


def _resized(images, down, across):
    """Multiplies columns and rows of images with matrices, (result, source) each."""
    turned = _multiplied(tf.transpose(images, (0, 2, 1, 3)), across)
    return _multiplied(tf.transpose(turned, (0, 2, 1, 3)), down)


def _multiplied(images, matrix):
    _, height, width, channels = images.shape
    flat = tf.reshape(images, (-1, height, width * channels))
    made = tf.matmul(tf.constant(matrix, images.dtype), flat)
    return tf.reshape(made, (-1, len(matrix), width, channels))


@functools.cache
def _doubling(length):
    """(4 (length - 1), length): a row and its mirror image, twice as fine; value j is at pixel j / 2."""
    last = length - 1
    matrix = np.zeros((4 * last, length))
    for fine in range(4 * last):
        for tap, weight in enumerate(_FILTER):
            pixel, odd = divmod(fine + _CENTER - tap, 2)
            if not odd:
                matrix[fine, last - abs(pixel % (2 * last) - last)] += 2 * weight
    return matrix


@functools.cache
def _halving(length):
    """(length, 2 length + 10): the filtered half of a row that begins 5 half pixels before the first."""
    matrix = np.zeros((length, 2 * length + len(_FILTER) - 2))
    for pixel in range(length):
        matrix[pixel, 2 * pixel : 2 * pixel + len(_FILTER)] = _FILTER
    return matrix
