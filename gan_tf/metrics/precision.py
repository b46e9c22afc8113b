"""Improved precision."""

from gan_tf.metrics.metric import NeighborMetric
from gan_tf.metrics.neighbors import count_balls, squared_radii
from gan_tf.registry import METRICS


def precision(real_features, fake_features, k=3):
    """Computes the precision of (n, d) real and (m, d) fake features; returns a float."""
    inside = count_balls(fake_features, real_features, squared_radii(real_features, k)) > 0
    return float(inside.mean())


@METRICS.register("precision")
class Precision(NeighborMetric):
    """Improved precision (Kynkaanniemi et al., 2019): the fraction of fakes that could be real.

    These are inside the ball around some real image, whose radius is the distance to its k-th
    nearest real image. From 0 to 1; measures fidelity, not diversity.

    Source: https://arxiv.org/abs/1904.06991, equation 2.

    Args:
        num_images: images of each kind, at most 50,000: the time is quadratic.
        k: rank of the nearest neighbor, default 3, as in the paper.
    """

    def __init__(self, num_images: int = 10_000, k: int = 3):
        super().__init__(num_images, k)

    compute = staticmethod(precision)
