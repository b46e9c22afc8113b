"""Latent vectors that depend on a seed and their number alone."""

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
