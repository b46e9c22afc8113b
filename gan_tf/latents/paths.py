"""Paths between latents: straight lines, great circles, closed paths."""

import numpy as np


def lerp(start, end, fractions):
    """Returns points on the straight line between two latents, (len(fractions), latent_dim).

    Between N(0, I) latents, the midpoint has a smaller norm than a generator's training latents:
    see `slerp`.

    Args:
        start, end: float (latent_dim,).
        fractions: the position of each point on the line, from 0 to 1.
    """
    fractions = np.asarray(fractions, np.float64)[:, None]
    return np.asarray((1 - fractions) * start + fractions * end, np.float32)


def slerp(start, end, fractions):
    """Returns points on the great circle between two latents; arguments as for `lerp`.

    Their norms are about those of N(0, I) latents. Parallel latents have no unique great circle
    between them: they are interpolated linearly.

    Source: Shoemake, 1985; White, "Sampling Generative Networks", 2016
    (https://arxiv.org/abs/1609.04468).
    """
    lengths = np.linalg.norm(start) * np.linalg.norm(end)
    angle = np.arccos(np.clip(np.dot(start, end) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-4:
        return lerp(start, end, fractions)
    fractions = np.asarray(fractions, np.float64)[:, None]
    first, last = np.sin((1 - fractions) * angle), np.sin(fractions * angle)
    return np.asarray((first * start + last * end) / np.sin(angle), np.float32)


def closed_path(knots, count):
    """Returns points on a smooth closed path through latents.

    The path is the trigonometric interpolation of the knots with unit-norm weights, so that if
    the knots are from N(0, I), every point on it is too.

    Args:
        knots: float (n, latent_dim), n from 1.
        count: the number of points, from 1, evenly spaced in time, the first at the first knot.

    Returns:
        float32 (count, latent_dim).
    """
    n = len(knots)
    distances = np.arange(count)[:, None] / count - np.arange(n) / n
    # The Dirichlet kernel; a common factor is irrelevant.
    waves = np.arange(1, (n - 1) // 2 + 1)
    weights = 1 + 2 * np.cos(2 * np.pi * distances[..., None] * waves).sum(-1)
    if n % 2 == 0:
        weights = weights + np.cos(np.pi * n * distances)
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    return np.asarray(weights @ knots, np.float32)
