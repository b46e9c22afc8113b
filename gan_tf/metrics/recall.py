"""Improved recall."""

from gan_tf.metrics.precision import Precision, precision
from gan_tf.registry import METRICS


def recall(real_features, fake_features, k=3):
    """Computes the recall of (n, d) real and (m, d) fake features; returns a float."""
    return precision(fake_features, real_features, k)


@METRICS.register("recall")
class Recall(Precision):
    """Improved recall (Kynkaanniemi et al., 2019): the fraction of reals that could be generated.

    These are inside the ball around some fake, whose radius is the distance to its k-th nearest
    fake. From 0 to 1; measures diversity, not fidelity: fakes far apart have large balls.

    Source: https://arxiv.org/abs/1904.06991, equation 2.

    Args:
        num_images: images of each kind, at most 50,000: the time is quadratic.
        k: rank of the nearest neighbor, default 3, as in the paper.
    """

    compute = staticmethod(recall)
