"""How many modes are covered, and how evenly: NumPy functions of samples or classes."""

import numpy as np


def mixture_scores(samples, means, sigma):
    """Scores samples of a mixture of equal, isotropic Gaussians.

    A sample within 3 sigma of the nearest mean is of high quality; a mode with at least one such
    sample is covered. For the mixture itself the fraction is 1 - exp(-9/2) = 98.89 %, not 100 %.

    Source: Lin et al., "PacGAN", 2018 (https://arxiv.org/abs/1712.04086), section 4.1.

    Args:
        samples: float (n, 2).
        means: float (modes, 2).
        sigma: the standard deviation along each axis.

    Returns:
        {"modes": int, "high_quality": float in [0, 1], "spread": the standard deviation of the
        high-quality samples around their means, in sigmas: 0.974 for the mixture itself, less
        if modes are covered but not filled, 0 without high-quality samples}.
    """
    squares = np.sum(np.square(samples[:, None] - means[None]), -1)
    nearest = squares.argmin(1)
    good = squares.min(1) <= np.square(3 * sigma)
    spread = np.sqrt(squares.min(1)[good].mean() / 2) / sigma if good.any() else 0.0
    return {
        "modes": len(np.unique(nearest[good])),
        "high_quality": float(good.mean()),
        "spread": float(spread),
    }


def triple_scores(classes, per_channel=10):
    """Scores the classes of stacked images.

    Source: Metz et al., "Unrolled Generative Adversarial Networks", 2017
    (https://arxiv.org/abs/1611.02163), section 3.3.

    Args:
        classes: int (n, channels), each from 0 to below `per_channel`.
        per_channel: the number of classes.

    Returns:
        {"modes": the number of distinct rows, "kl": the KL divergence of their distribution from
        the uniform one over all per_channel^channels, in nats}.
    """
    channels = classes.shape[1]
    numbers = np.ravel_multi_index(tuple(classes.T), (per_channel,) * channels)
    counts = np.unique(numbers, return_counts=True)[1]
    shares = counts / counts.sum()
    kl = np.sum(shares * np.log(shares * per_channel**channels))
    return {"modes": len(counts), "kl": max(0.0, float(kl))}
