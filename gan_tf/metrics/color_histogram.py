"""Similarity of the colors of two sets of images."""

import numpy as np

from gan_tf.data.cie_lab import lab_of_rgb
from gan_tf.features.extractor import scale
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS

_MOST = 110  # a and b of every color of sRGB are within -110 and 110
_CHUNK = 100  # images


@METRICS.register("color_histogram")
class ColorHistogram(Metric):
    """Intersection of the histograms of a and b of CIE Lab: 1: equal colors, 0: none in common.

    The histograms are those of all pixels of a set, of a and of b apart, in bins of width 1
    around the whole numbers; of the two intersections, this is the mean. Averaged colors, such
    as those that an L1 loss alone makes, are too gray, and lower it. RGB images only.

    Source: Isola et al., 2017 (https://arxiv.org/abs/1611.07004), table 5, which has the
    intersections of a and b apart, and does not give the width of its bins.
    """

    modalities = ("image",)
    channels = (3,)
    needs = ("samples",)
    higher_is_better = True

    def score(self, real, fake):
        pairs = zip(ab_histograms(real.samples), ab_histograms(fake.samples))
        return Score(float(np.mean([np.minimum(*each).sum() for each in pairs])))


def ab_histograms(images):
    """Returns the relative frequencies of a and of b, rounded, from -110 to 110, in images.

    Args:
        images: uint8 (n, height, width, 3).

    Returns:
        float64 (2, 221), whose rows sum to 1.
    """
    counts = np.zeros((2, 2 * _MOST + 1), np.int64)
    for start in range(0, len(images), _CHUNK):
        lab = np.asarray(lab_of_rgb(scale(images[start : start + _CHUNK])))
        bins = np.rint(lab[..., 1:].reshape(-1, 2)).astype(np.int64) + _MOST
        counts += [np.bincount(each, minlength=counts.shape[1]) for each in bins.T]
    return counts / counts.sum(axis=1, keepdims=True)
