"""Coverage."""

from gan_tf.metrics.metric import NeighborMetric
from gan_tf.metrics.neighbors import nearest, squared_radii, within
from gan_tf.registry import METRICS


def coverage(real_features, fake_features, k=5):
    """Computes the coverage of (n, d) real and (m, d) fake features; returns a float."""
    _, distances = nearest(real_features, fake_features)
    return float(within(distances, squared_radii(real_features, k)).mean())


@METRICS.register("coverage")
class Coverage(NeighborMetric):
    """Coverage (Naeem et al., 2020): the fraction of reals whose ball contains a fake.

    Like recall, but with balls around the reals, so that outlying fakes do not raise it. From 0
    to 1.

    Source: https://arxiv.org/abs/2002.09797, equation 4.

    Args:
        num_images: images of each kind, at most 50,000: the time is quadratic.
        k: rank of the nearest neighbor, default 5, as in the paper.
    """

    compute = staticmethod(coverage)
