"""Paths through the latents: straight lines, great circles, closed paths."""

import numpy as np


def lerp(start, end, shares):
    """Returns points on the straight line between two latents, (len(shares), latent_dim).

    Half way, latents of N(0, I) are shorter than any that a generator has learnt of: see `slerp`.

    Args:
        start, end: float (latent_dim,).
        shares: how far each point is on the way, from 0 to 1.
    """
    shares = np.asarray(shares, np.float64)[:, None]
    return np.asarray((1 - shares) * start + shares * end, np.float32)


def slerp(start, end, shares):
    """Returns points on the great circle between two latents; arguments are those of `lerp`.

    All are about as long as latents of N(0, I) are. Latents of one direction have no great
    circle between them: there it is the line.

    Source: Shoemake, 1985; White, "Sampling Generative Networks", 2016
    (https://arxiv.org/abs/1609.04468).
    """
    lengths = np.linalg.norm(start) * np.linalg.norm(end)
    angle = np.arccos(np.clip(np.dot(start, end) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-4:
        return lerp(start, end, shares)
    shares = np.asarray(shares, np.float64)[:, None]
    first, last = np.sin((1 - shares) * angle), np.sin(shares * angle)
    return np.asarray((first * start + last * end) / np.sin(angle), np.float32)


def closed_path(knots, count):
    """Returns points on a smooth closed path through latents.

    It is the trigonometric interpolation of the knots, its weights divided by their norm, so
    that every point of it has the distribution of the knots where that is N(0, I).

    Args:
        knots: float (n, latent_dim), n from 1.
        count: how many points, from 1, at even distances in time, the first at the first knot.

    Returns:
        float32 (count, latent_dim).
    """
    n = len(knots)
    away = np.arange(count)[:, None] / count - np.arange(n) / n
    # Dirichlet's kernel; the shared factor is of no account.
    waves = np.arange(1, (n - 1) // 2 + 1)
    weights = 1 + 2 * np.cos(2 * np.pi * away[..., None] * waves).sum(-1)
    if n % 2 == 0:
        weights = weights + np.cos(np.pi * n * away)
    weights /= np.linalg.norm(weights, axis=1, keepdims=True)
    return np.asarray(weights @ knots, np.float32)
