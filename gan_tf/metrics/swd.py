"""Sliced Wasserstein distance of Laplacian pyramids."""

import numpy as np

from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS

_PATCH = 7  # pixels
_SMALLEST = 14  # pixels, minimum size of a pyramid level
_PATCHES = 1 << 15  # per level, over all images
_PROJECTIONS = 512
_CHUNK = 500  # images
_KERNEL = np.float32([1, 4, 6, 4, 1]) / 16


@METRICS.register("swd")
class SlicedWasserstein(Metric):
    """Sliced Wasserstein distance of image patches (Karras et al., 2018), mean over scales.

    7x7 patches of each level of a Laplacian pyramid, from the image's size down to 16 pixels
    (14 for 28), normalized per channel, projected onto 512 random directions: the mean distance
    of the sorted projections, times 1000. It uses pixels, not features. Up to 128 patches per
    image, as in the paper, but at most 32,768 per level in total.

    Source: https://arxiv.org/abs/1710.10196, section 5.
    """

    modalities = ("image",)
    needs = ("samples",)
    higher_is_better = False

    def score(self, real, fake):
        return Score(1000 * float(np.mean(sliced_wasserstein(real.samples, fake.samples))))


def sliced_wasserstein(real, fake):
    """Computes the distance for each level of the pyramid.

    Args:
        real: uint8 (n, height, width, channels), 7 pixels or more.
        fake: uint8 (m, height, width, channels); the larger set is truncated.

    Returns:
        [float], from the finest level to the coarsest.
    """
    count = min(len(real), len(fake))
    levels = zip(_descriptors(real[:count]), _descriptors(fake[:count]))
    return [_distance(*map(_normalized, each)) for each in levels]


def pyramid(images):
    """Returns the Laplacian pyramid of float32 (n, H, W, C) images: from fine to coarse.

    Each level but the last is an image minus its downsampled version, upsampled again (Burt and
    Adelson, 1983).
    """
    levels = []
    while min(images.shape[1:3]) >= 2 * _SMALLEST:
        half = _blur(images)[:, ::2, ::2]
        levels.append(images - _upsampled(half, images.shape))
        images = half
    return [*levels, images]


def _blur(images):
    for axis in (1, 2):
        padding = [(0, 0)] * 4
        padding[axis] = (2, 2)
        padded = np.pad(images, padding, "reflect")
        size = images.shape[axis]
        images = sum(
            weight * np.take(padded, range(shift, shift + size), axis)
            for shift, weight in enumerate(_KERNEL)
        )
    return images


def _upsampled(images, shape):
    spread = np.zeros(shape, np.float32)
    spread[:, ::2, ::2] = images
    return _blur(spread) * 4


def _descriptors(images):
    """Random patches of each level: [float32 (patches, 7, 7, C)]."""
    images = images[:_PATCHES]
    each = max(1, min(128, _PATCHES // len(images)))
    # Relative positions, drawn all at once so that they do not depend on the chunks.
    positions = np.random.default_rng(0).random((len(images), each, 2))
    parts = []
    for start in range(0, len(images), _CHUNK):
        rows = slice(start, start + _CHUNK)
        levels = pyramid(images[rows].astype(np.float32))
        parts.append([_patches(level, positions[rows]) for level in levels])
    return [np.concatenate(level) for level in zip(*parts)]


def _patches(images, positions):
    windows = np.lib.stride_tricks.sliding_window_view(images, (_PATCH, _PATCH), (1, 2))
    rows, columns = np.moveaxis(np.asarray(positions * windows.shape[1:3], np.int64), 2, 0)
    chosen = windows[np.arange(len(images))[:, None], rows, columns]
    return chosen.reshape(-1, *chosen.shape[2:])


def _normalized(patches):
    """Patches with mean 0 and standard deviation 1 in each channel, as rows."""
    mean = patches.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    deviation = patches.std(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
    patches = (patches - mean) / np.where(deviation > 0, deviation, 1)
    return patches.reshape(len(patches), -1).astype(np.float32)


def _distance(real, fake):
    directions = np.random.default_rng(1).standard_normal((_PROJECTIONS, real.shape[1]))
    directions = np.asarray(
        directions / np.linalg.norm(directions, axis=1, keepdims=True), np.float32
    )
    total = 0.0
    for some in np.array_split(directions, 8):
        sorted_real, sorted_fake = np.sort(some @ real.T), np.sort(some @ fake.T)
        total += np.abs(sorted_real - sorted_fake).mean(axis=1, dtype=np.float64).sum()
    return total / _PROJECTIONS
