"""Latent vectors, and labels, that depend on a seed and their number alone."""

import numpy as np


def draw(seed, numbers, latent_dim):
    """Draws latents from N(0, I).

    Args:
        seed: an int, at least 0.
        numbers: an iterable of ints; latent k is the same in every call with this seed,
            whatever the others are.
        latent_dim: the length of a latent.

    Returns:
        float32 (len(numbers), latent_dim).
    """
    rows = [np.random.default_rng((seed, k)).standard_normal(latent_dim) for k in numbers]
    return np.asarray(rows, np.float32).reshape(-1, latent_dim)


def draw_labels(seed, numbers, shares):
    """Draws class labels.

    Args:
        seed: an int, at least 0.
        numbers: as for `draw`.
        shares: float (classes,): the probability of each class; scaled to a sum of 1.

    Returns:
        int64 (len(numbers),).
    """
    bounds = np.cumsum(shares) / np.sum(shares)
    points = [np.random.default_rng((seed, k, 1)).random() for k in numbers]
    return np.searchsorted(bounds, points, side="right").astype(np.int64)
