"""Metrics of characters that are translated from one font to others."""

import numpy as np

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS

_CHUNK = 100
_RIDGE = 1.0  # added to each of the standardized features' variances, times their number


@METRICS.register("recognized")
class Recognized(Metric):
    """Share of outputs that are nearest to their own target, among 200 targets of their label.

    The distance is the mean squared difference of pixels. Of fonts, these are the characters that are
    taken for the right ones among others of that font. With fewer targets of a label, it is among
    these, which is easier; without labels, among all targets.

    Args:
        num_images: as for other metrics, default 10,000.
        among: how many targets, from 2, default 200.
    """

    modalities = ("image",)
    needs = ("samples",)
    higher_is_better = True
    paired = True
    minimum = 2

    def __init__(self, num_images: int = 10_000, among: int = 200):
        if among < 2:
            raise UserError(f"recognized(among={among}): it must be 2 or more.")
        self.among = among
        super().__init__(num_images)

    def score(self, real, fake):
        hits = [
            self._hits(*(each.samples[rows] for each in (real, fake)))
            for rows in _by_label(real.labels, len(real))
        ]
        return Score(float(np.mean(np.concatenate(hits))))

    def _hits(self, targets, outputs):
        """Which outputs are nearest to their target, among it and those that follow it."""
        count, following = len(targets), np.arange(min(self.among, len(targets)))
        found = []
        for start in range(0, count, _CHUNK):
            made = _flat(outputs[start : start + _CHUNK])
            others = _flat(targets[np.arange(start, start + len(made) + len(following)) % count])
            distances = (others**2).sum(1) - 2 * made @ others.T
            own = np.take_along_axis(distances, np.arange(len(made))[:, None] + following, axis=1)
            found.append(own[:, 0] <= own.min(axis=1))
        return np.concatenate(found)


@METRICS.register("style_accuracy")
class StyleAccuracy(Metric):
    """Share of outputs that a linear classifier, trained on the targets, gives their own label.

    A ridge regression of the labels on standardized features. The score of other targets is what the
    classifier reaches on true ones.

    Args:
        num_images: as for other metrics, default 10,000.
    """

    needs = ("features", "labels")
    higher_is_better = True

    def score(self, real, fake):
        classes, wanted = np.unique(real.labels, return_inverse=True)
        features = [np.asarray(each.features, np.float64) for each in (real, fake)]
        mean, deviation = features[0].mean(axis=0), features[0].std(axis=0) + 1e-6
        known, new = ((each - mean) / deviation for each in features)
        target = np.eye(len(classes))[wanted]
        offset = target.mean(axis=0)
        covariance = known.T @ known + _RIDGE * len(known) / known.shape[1] * np.eye(known.shape[1])
        weights = np.linalg.solve(covariance, known.T @ (target - offset))
        found = classes[(new @ weights + offset).argmax(axis=1)]
        return Score(float(np.mean(found == fake.labels)))


def _flat(images):
    return np.asarray(images, np.float32).reshape(len(images), -1) / 255


def _by_label(labels, count):
    """The rows of each label; without labels, all of them."""
    if labels is None:
        return [np.arange(count)]
    return [np.flatnonzero(labels == each) for each in np.unique(labels)]
