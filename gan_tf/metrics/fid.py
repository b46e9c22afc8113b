"""Frechet inception distance."""

import numpy as np

from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS

_CHUNK = 10_000


@METRICS.register("fid")
class FID(Metric):
    """Frechet inception distance (Heusel et al., 2017): of Gaussians fitted to the features.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)). It measures fidelity and diversity together, and is
    biased upward, more so with fewer images.

    Source: https://arxiv.org/abs/1706.08500, equation 6.
    """

    needs = ("features",)
    higher_is_better = False

    def score(self, real, fake):
        return Score(fid(real.features, fake.features))


def fid(real_features, fake_features):
    """Computes the Frechet distance of two sets of features.

    Args:
        real_features: float (n, d), n at least 2.
        fake_features: float (m, d), m at least 2.

    Returns:
        A float, 0 or more.
    """
    if max(len(real_features), len(fake_features)) >= real_features.shape[1]:
        return frechet_distance(*moments(real_features), *moments(fake_features))
    # With fewer images than features, the trace of the root of C1 C2 is the sum of the singular
    # values of a matrix with one row per image.
    real, fake = (np.asarray(each, np.float64) for each in (real_features, fake_features))
    means = real.mean(axis=0), fake.mean(axis=0)
    real = (real - means[0]) / np.sqrt(len(real) - 1)
    fake = (fake - means[1]) / np.sqrt(len(fake) - 1)
    root = np.linalg.svd(real @ fake.T, compute_uv=False).sum()
    return _distance(*means, np.sum(real**2), np.sum(fake**2), root)


def moments(features):
    """Returns the mean, float64 (d,), and the unbiased covariance, (d, d), of (n, d) features.

    Computed in chunks, so that features on disk are never entirely in memory.
    """
    count = len(features)
    chunks = [slice(start, start + _CHUNK) for start in range(0, count, _CHUNK)]
    mean = sum(features[each].sum(axis=0, dtype=np.float64) for each in chunks) / count
    covariance = 0
    for each in chunks:
        centered = features[each] - mean
        covariance += centered.T @ centered
    return mean, covariance / (count - 1)


def frechet_distance(mean1, covariance1, mean2, covariance2):
    """Computes the Frechet distance of two Gaussians (Dowson and Landau, 1982).

    The trace of the root of C1 C2 equals that of the root of C1^(1/2) C2 C1^(1/2), which is
    symmetric and has real eigenvalues, whatever its rank.

    Args:
        mean1, mean2: float64 (d,).
        covariance1, covariance2: float64 (d, d), symmetric, positive semi-definite.

    Returns:
        A float, 0 or more.
    """
    values, vectors = np.linalg.eigh(covariance1)
    root = vectors * np.sqrt(np.maximum(values, 0)) @ vectors.T
    values = np.linalg.eigvalsh(root @ covariance2 @ root)
    trace = np.sqrt(np.maximum(values, 0)).sum()
    return _distance(mean1, mean2, np.trace(covariance1), np.trace(covariance2), trace)


def _distance(mean1, mean2, trace1, trace2, trace_of_root):
    distance = np.sum((mean1 - mean2) ** 2) + trace1 + trace2 - 2 * trace_of_root
    return max(0.0, float(distance))  # rounding can make it negative for equal Gaussians
