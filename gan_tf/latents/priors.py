"""Latent priors, each a function of normal latents.

A prior maps rows of N(0, I), (batch, latent_dim), to rows of its own distribution. It uses
`keras.ops`, so that it works on arrays and can be the first operation of the generator: with
any prior, a generator takes normal latents, which are interpolated on great circles.
"""

import math

from keras import ops

from gan_tf.errors import UserError
from gan_tf.registry import PRIORS

_NEARLY_ONE = 1 - 2**-22  # the inverse of 1 is infinite


@PRIORS.register("normal")
class Normal:
    """Standard normal, N(0, I)."""

    def __call__(self, normal):
        return normal


@PRIORS.register("spherical")
class Spherical:
    """Uniform on the sphere of radius sqrt(latent_dim), near which N(0, I) has its mass.

    Source: White, "Sampling Generative Networks", 2016 (https://arxiv.org/abs/1609.04468);
    Karras et al., 2018, section A.1.
    """

    def __call__(self, normal):
        squares = ops.mean(ops.square(normal), axis=-1, keepdims=True)
        return normal * ops.rsqrt(squares + 1e-8)


@PRIORS.register("uniform")
class Uniform:
    """Uniform between two bounds, by default -1 and 1, as in DCGAN (Radford et al., 2016).

    Args:
        low: the lower bound, default -1.
        high: the upper bound, above it, default 1.
    """

    def __init__(self, low: float = -1.0, high: float = 1.0):
        if high <= low:
            raise UserError(f"uniform({low}, {high}): the second bound must be the larger one.")
        self.low = low
        self.high = high

    def __call__(self, normal):
        return self.low + (self.high - self.low) * _normal_cdf(normal)

    def encoded(self, logits):
        """Returns the normal latents of which this prior makes the logistic function of logits.

        An encoder's outputs are such logits: those of the normal distribution function saturate
        much sooner, and an encoder that has lost its gradient does not get it back.

        Args:
            logits: a tensor (batch, latent_dim) of any real numbers.
        """
        shares = ops.clip(ops.tanh(logits / 2), -_NEARLY_ONE, _NEARLY_ONE)
        return math.sqrt(2) * ops.erfinv(shares)


@PRIORS.register("lognormal")
class Lognormal:
    """Lognormal: exp(sigma * N(0, I)), positive, mostly small.

    Args:
        sigma: above 0, default 1.
    """

    def __init__(self, sigma: float = 1.0):
        self.sigma = _positive("lognormal", sigma)

    def __call__(self, normal):
        return ops.exp(self.sigma * normal)


@PRIORS.register("truncated_normal")
class TruncatedNormal:
    """Normal without its tails: N(0, 1) conditioned on lying within the limit.

    This truncates the training distribution, unlike the truncation trick, applied in sampling.

    Source: Brock et al., "Large Scale GAN Training", 2019 (https://arxiv.org/abs/1809.11096),
    appendix E.

    Args:
        limit: above 0, default 2.
    """

    def __init__(self, limit: float = 2.0):
        self.limit = _positive("truncated_normal", limit)

    def __call__(self, normal):
        # Maps the CDF to that of the truncated distribution.
        mass = math.erf(self.limit / math.sqrt(2))
        cut = math.sqrt(2) * ops.erfinv(mass * ops.erf(normal / math.sqrt(2)))
        # In the tails erf rounds to 1, whose inverse is infinite.
        return ops.clip(cut, -self.limit, self.limit)


def _normal_cdf(normal):
    """The normal CDF, which makes normal values uniform on [0, 1]."""
    return (1 + ops.erf(normal / math.sqrt(2))) / 2


def _positive(name, value):
    if value <= 0:
        raise UserError(f"{name}({value}): the argument must be above 0.")
    return value
