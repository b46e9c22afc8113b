"""Density."""

from gan_tf.metrics.metric import NeighborMetric
from gan_tf.metrics.neighbors import count_balls, squared_radii
from gan_tf.registry import METRICS


def density(real_features, fake_features, k=5):
    """Computes the density of (n, d) real and (m, d) fake features; returns a float."""
    return float(
        count_balls(fake_features, real_features, squared_radii(real_features, k)).mean() / k
    )


@METRICS.register("density")
class Density(NeighborMetric):
    """Density (Naeem et al., 2020): the mean number of real balls that contain a fake, over k.

    Like precision, but an outlier's large ball counts only once. 0 or more, about 1 if fakes and
    reals have the same distribution; more if fakes concentrate in the densest parts. A fake on
    the surface of a ball is inside; the authors' code leaves it out, which matters for copies only.

    Source: https://arxiv.org/abs/2002.09797, equation 3.

    Args:
        num_images: images of each kind, at most 50,000: the time is quadratic.
        k: rank of the nearest neighbor, default 5, as in the paper.
    """

    best_is_data = True
    compute = staticmethod(density)
