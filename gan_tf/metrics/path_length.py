"""Perceptual path length: how evenly images change along paths in W."""

import math

import numpy as np

from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS

_EXTREMES = 1, 99  # percentiles: distances beyond them do not count


def path_length(distances):
    """Returns the mean of distances without their extremes, and its standard error.

    Args:
        distances: float (n,): squared distances over squared steps. Those below the value at the
            1st percentile (the next lower one there is) and above that at the 99th (the next higher
            one) are left out, as in the authors' code.
    """
    low, high = (
        np.percentile(distances, each, method=method)
        for each, method in zip(_EXTREMES, ("lower", "higher"))
    )
    kept = distances[(distances >= low) & (distances <= high)]
    return float(kept.mean()), float(kept.std() / math.sqrt(len(kept)))


@METRICS.register("ppl")
class PerceptualPathLength(Metric):
    """Perceptual path length (Karras et al., 2019): how much images change with small steps in W.

    The mean of d(g(w), g(w + e (w' - w))) / e^2, of two random w and w', at the end w of the path, with
    e = 1e-4, without the extremes beyond the 1st and the 99th percentile. d is the squared distance
    of the run's features; published: LPIPS of VGG16. So values are comparable for the same features
    only, and not with published ones. A small one alone is no merit: that of a generator whose images
    are all alike is 0.

    Source: https://arxiv.org/abs/1812.04948, section 4.1.
    """

    modalities = ("image",)
    needs = ("path_distances",)
    knows = ("styles",)
    higher_is_better = False
    by_default = False
    bounded = False

    def score(self, real, fake):
        del real
        return Score(*path_length(np.asarray(fake.path_distances, np.float64)))
