"""Kernel inception distance."""

import numpy as np

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS


@METRICS.register("kid")
class KID(Metric):
    """Kernel inception distance (Binkowski et al., 2018): a squared maximum mean discrepancy.

    Uses the kernel (x.y / d + 1)^3 and the unbiased estimator, averaged over subsets: unlike the
    FID it is not biased by the number of images, and can be slightly negative if the true value
    is 0. The standard error accounts for the overlap of subsets; it is conservative if real and
    fake are alike.

    Source: https://arxiv.org/abs/1801.01401, section 4.

    Args:
        num_images: images of each kind.
        subsets: the number of subsets, drawn with a fixed seed.
        subset_size: images of each kind per subset, limited to half of all images.
    """

    needs = ("features",)
    higher_is_better = False
    minimum = 4  # two halves of two

    def __init__(self, num_images: int = 10_000, subsets: int = 100, subset_size: int = 1000):
        super().__init__(num_images)
        if subsets < 1 or subset_size < 2:
            raise UserError("kid needs 1 subset or more, of 2 images or more each.")
        self.subsets = subsets
        self.subset_size = subset_size

    def score(self, real, fake):
        return Score(*kid(real.features, fake.features, self.subsets, self.subset_size))


def kid(real_features, fake_features, subsets=100, subset_size=1000):
    """Computes the kernel distance of two sets of features.

    Args:
        real_features: float (n, d), n at least 4.
        fake_features: float (m, d), m at least 4.
        subsets, subset_size: see `KID`.

    Returns:
        The mean over the subsets and its standard error, None for a single subset.
    """
    random = np.random.default_rng(0)
    count = min(len(real_features), len(fake_features))
    size = min(subset_size, count // 2)
    values = []
    for _ in range(subsets):
        real, fake = (
            np.asarray(each[np.sort(random.choice(len(each), size, replace=False))], np.float64)
            for each in (real_features, fake_features)
        )
        values.append(_squared_discrepancy(real, fake))
    if subsets == 1:
        return values[0], None
    # If an estimate from `size` images has the variance V / size, subsets of the same images have
    # s^2 = V (1 / size - 1 / count), and their mean has V / count + s^2 / subsets.
    error = np.std(values, ddof=1) * np.sqrt(size / (count - size) + 1 / subsets)
    return float(np.mean(values)), float(error)


def _squared_discrepancy(real, fake):
    """The unbiased estimate, which excludes pairs of an image with itself."""
    size = len(real)

    def kernel(a, b):
        values = a @ b.T / a.shape[1] + 1
        return values * values * values  # many times faster than a power

    within = sum(np.sum(k) - np.trace(k) for k in (kernel(real, real), kernel(fake, fake)))
    return float(within / (size * (size - 1)) - 2 * np.mean(kernel(real, fake)))
