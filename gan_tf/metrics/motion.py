"""What is measured of a thing that moves: whether it stays the same, and how it moves."""

import functools

import numpy as np

from gan_tf.features.centroids import centroids
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import FEATURES, METRICS

_CHUNK = 50  # videos
_STILL = 0.1  # pixels from frame to frame
_INK = (
    32  # values from which on something is seen, in blurred digits up to two pixels from their ends
)
_SIDE = 32  # pixels of the frames for which lengths are given
_NEAR = 3.0  # pixels


class MotionMetric(Metric):
    """The base of metrics of videos of one thing that moves on black, such as `moving_glyphs`.

    Args:
        num_images: videos of each kind.
        source: the data set, whose features follow what moves.
    """

    modalities = ("video",)
    needs = ("samples",)
    knows = ("motion",)

    def __init__(self, num_images: int = 10_000, source=None):
        super().__init__(num_images)
        self._source = source

    @functools.cached_property
    def _extractor(self):
        return FEATURES.build(self._source.features)

    def _seen(self, sample):
        """The features and probabilities of all frames, parts of (n, frames, ...)."""
        for part in _chunks(sample.samples):
            yield [np.asarray(each) for each in self._extractor.of_frames(part)]


@METRICS.register("same_digit")
class SameDigit(MotionMetric):
    """The share of videos in all of whose frames the classifier sees the same digit.

    The classifier is that of the data set's features, in a window that follows the digit. A video with a
    dark frame does not count.
    """

    higher_is_better = True

    def score(self, real, fake):
        del real
        classes = np.concatenate([found.argmax(axis=-1) for _, found in self._seen(fake)])
        seen = np.asarray(fake.samples).max(axis=(2, 3, 4)).min(axis=1) >= _INK
        same = seen & (classes == classes[:, :1]).all(axis=1)
        return Score(float(same.mean()), float(same.std() / len(same) ** 0.5))


@METRICS.register("content_distance")
class ContentDistance(MotionMetric):
    """The mean distance of the features of two frames of a video: how much its content changes.

    Features are those of the data set's classifier, in a window that follows the digit. The values of real
    videos are the best: where nothing moves or all is black, it is 0.

    Source: Tulyakov et al., 2018 (https://arxiv.org/abs/1707.04993), section 4, average content distance.
    """

    higher_is_better = False
    best_is_data = True

    def score(self, real, fake):
        del real
        parts = zip(_chunks(fake.samples), self._seen(fake))
        found = np.concatenate([_mean_distance(seen, videos) for videos, (seen, _) in parts])
        return Score(float(found.mean()), float(found.std() / len(found) ** 0.5))


@METRICS.register("straightness")
class Straightness(MotionMetric):
    """How straight and steady the centroid moves between bounces: 1 for the same velocity throughout.

    1 - a / v, at least 0: a and v are the lengths of the medians over time, along each axis, of the
    change of the velocity and of the velocity, without signs; so bounces do not count, as long as they
    are fewer than half of the frames. 0 for what does not move. The mean over videos.
    """

    higher_is_better = True

    def score(self, real, fake):
        del real
        found = straightness(_paths(fake.samples))
        return Score(float(found.mean()), float(found.std() / len(found) ** 0.5))


@METRICS.register("speed_distance")
class SpeedDistance(MotionMetric):
    """The first Wasserstein distance of the distributions of speeds, in pixels per frame.

    A video's speed is the length of the median velocity of its centroid, along each axis without signs.
    It is the area between the two cumulative histograms of speeds.
    """

    higher_is_better = False

    def score(self, real, fake):
        found = [np.sort(speeds(_paths(each.samples))) for each in (real, fake)]
        at = (np.arange(max(map(len, found))) + 0.5) / max(map(len, found))
        rows = [each[np.minimum(len(each) - 1, (at * len(each)).astype(int))] for each in found]
        return Score(float(np.abs(rows[0] - rows[1]).mean()))


@METRICS.register("bounces")
class Bounces(MotionMetric):
    """How often what moves bounces at a border, the mean over videos.

    It bounces where its centroid's velocity along an axis changes sign, and it is within three pixels
    of the border that it moved to, of frames of 32 pixels. The value of real videos is the best.
    """

    higher_is_better = True
    best_is_data = True

    def score(self, real, fake):
        del real
        found = bounces(np.asarray(fake.samples))
        return Score(float(found.mean()), float(found.std() / len(found) ** 0.5))


def speeds(paths):
    """Returns the speeds along paths (n, frames, 2), pixels per frame (n,); see `SpeedDistance`."""
    if paths.shape[1] < 2:
        return np.zeros(len(paths))
    return np.linalg.norm(np.median(np.abs(np.diff(paths, axis=1)), axis=1), axis=-1)


def straightness(paths):
    """Returns how straight paths (n, frames, 2) are, (n,); see `Straightness`. 0 below three frames."""
    if paths.shape[1] < 3:
        return np.zeros(len(paths))
    changes = np.median(np.abs(np.diff(paths, 2, axis=1)), axis=1)
    changed, speed = np.linalg.norm(changes, axis=-1), speeds(paths)
    return np.where(speed < _STILL, 0.0, np.maximum(0, 1 - changed / np.maximum(speed, _STILL)))


def bounces(videos):
    """Counts bounces at the borders.

    Args:
        videos: uint8 (n, frames, height, width, C).

    Returns:
        int (n,); see `Bounces`.
    """
    found = np.zeros(len(videos), int)
    moves = np.diff(_paths(videos), axis=1)
    for axis in (0, 1):
        margins = _margins(videos, axis)
        size = videos.shape[2 + axis]
        near = margins <= _NEAR * size / _SIDE
        heading = np.zeros(len(videos), int)
        for frame in range(moves.shape[1]):
            sign = np.where(
                np.abs(moves[:, frame, axis]) < _STILL, 0, np.sign(moves[:, frame, axis])
            )
            turned = (heading * sign < 0) & np.where(heading > 0, *near[:, frame].T[::-1])
            found += turned
            heading = np.where(sign, sign, heading).astype(int)
    return found


def _margins(videos, axis):
    """How far what is bright is from both borders along an axis: (n, frames, 2)."""
    lines = (videos >= _INK).any(axis=(3 - axis, 4))
    first = lines.argmax(axis=2)
    last = lines[:, :, ::-1].argmax(axis=2)
    dark = ~lines.any(axis=2)
    return np.where(dark[..., None], lines.shape[2], np.stack([first, last], axis=-1))


def _paths(videos):
    """The centroids of stored videos: float64 (n, frames, 2)."""
    return np.concatenate([np.asarray(centroids(part), np.float64) for part in _chunks(videos)])


def _mean_distance(rows, videos):
    """The mean distance of the features of two different frames of each video: (n,).

    Args:
        rows: features, float (n, frames, d).
        videos: their frames, (n, frames, ...). Equal ones have distance 0, although their features can
            differ in the last bit, with the place in a batch.
    """
    count = rows.shape[1]
    frames = videos.reshape(*videos.shape[:2], -1)
    equal = np.stack([(frames == frames[:, each, None]).all(-1) for each in range(count)], axis=1)
    between = np.linalg.norm(rows[:, :, None] - rows[:, None], axis=-1)
    between[equal] = 0
    return between.sum(axis=(1, 2)) / max(1, count * (count - 1))


def _chunks(videos):
    for start in range(0, len(videos), _CHUNK):
        yield np.asarray(videos[start : start + _CHUNK])
