"""Objectives of latent search: one number per example, to be minimized.

An objective is registered with `@OBJECTIVES.register("name")` and called with a `Candidate` and
a `Target`; it returns float32 (batch,), unweighted, each example independent of the others.
"""

import abc
import dataclasses

import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import OBJECTIVES


@dataclasses.dataclass(frozen=True)
class Target:
    """What a search looks for.

    Attributes:
        seen: float32 (batch, h, w, C) in about [-1, 1]: what is known of each image.
        weights: float32 (batch, h, w, 1), 0 or more: the weight of each of its pixels.
        features: float32 (batch, f), see `Critic`; None if no objective needs them.
        codes: float32 (batch, latent_dim), the images encoded; or None.
    """

    seen: tf.Tensor
    weights: tf.Tensor
    features: tf.Tensor | None = None
    codes: tf.Tensor | None = None


@dataclasses.dataclass(frozen=True)
class Candidate:
    """Latents, their images, and what objectives need of them.

    Attributes:
        latents: float32 (batch, latent_dim), in the space of N(0, I); or, of a search through styles,
            (batch, m) or (batch, rows, m), in standard deviations from their mean.
        images: float32 (batch, H, W, C) in [-1, 1].
        seen: what would be known of these images, as in `Target`.
        logits: float32 (batch,) of the discriminator, or None.
        features: float32 (batch, f), or None.
        codes: float32 (batch, latent_dim): the images encoded; or None.
    """

    latents: tf.Tensor
    images: tf.Tensor
    seen: tf.Tensor
    logits: tf.Tensor | None = None
    features: tf.Tensor | None = None
    codes: tf.Tensor | None = None


class Objective(abc.ABC):
    """The base of the objectives.

    Args:
        weight: its factor in the sum, 0 or more.

    Attributes:
        needs: "features" or "codes" of target and candidate, the candidate's "logits", or "".
        spaces: the names of the spaces that it is for, see `gan_tf.inversion.spaces`; (): any.
    """

    needs = ""
    spaces = ()

    def __init__(self, weight: float = 1.0):
        if not weight >= 0:
            raise UserError(f"An objective cannot have the weight {weight}: give 0 or more.")
        self.weight = weight

    @abc.abstractmethod
    def __call__(self, candidate, target):
        """Returns the distances of candidates from targets: (batch,)."""


@OBJECTIVES.register("pixels")
class Pixels(Objective):
    """Mean squared difference of the pixels, in [-1, 1]; weight 1."""

    def __call__(self, candidate, target):
        return _weighted(tf.square(candidate.seen - target.seen), target.weights)


@OBJECTIVES.register("absolute")
class Absolute(Objective):
    """Mean absolute difference of the pixels, as in AnoGAN (Schlegl et al., 2017); weight 1.

    Source: https://arxiv.org/abs/1703.05921, the residual loss.
    """

    def __call__(self, candidate, target):
        return _weighted(tf.abs(candidate.seen - target.seen), target.weights)


@OBJECTIVES.register("features")
class Features(Objective):
    """Squared difference of the discriminator's features; two random samples differ by 1; weight 0.1.

    Source: the discrimination loss by features of AnoGAN and f-AnoGAN (Schlegl et al., 2017, 2019);
    the scale (see `Critic`) is ours, so that a weight means the same for all networks.
    """

    needs = "features"

    def __init__(self, weight: float = 0.1):
        super().__init__(weight)

    def __call__(self, candidate, target):
        return tf.reduce_mean(tf.square(candidate.features - target.features), axis=-1)


@OBJECTIVES.register("codes")
class Codes(Objective):
    """Mean squared difference of an encoder's latents of both images, for --score; weight 1.

    Source: the anomaly score of GANomaly (Akcay et al., 2018,
    https://arxiv.org/abs/1805.06725), but of squared differences.
    """

    needs = "codes"

    def __call__(self, candidate, target):
        return tf.reduce_mean(tf.square(candidate.codes - target.codes), axis=-1)


@OBJECTIVES.register("realism")
class Realism(Objective):
    """Minus the log probability of being real, from the discriminator's logit; weight 0.003.

    Source: the prior loss of Yeh et al., 2017 (https://arxiv.org/abs/1607.07539), in the
    form that does not saturate. The weight is relative to mean differences, not to sums.
    """

    needs = "logits"

    def __init__(self, weight: float = 0.003):
        super().__init__(weight)

    def __call__(self, candidate, target):
        return tf.nn.softplus(-candidate.logits)


@OBJECTIVES.register("shell")
class Shell(Objective):
    """(|z|^2 / n - 1)^2: keeps latents near the sphere that has the mass of N(0, I); weight 0.1."""

    spaces = ("z",)

    def __init__(self, weight: float = 0.1):
        super().__init__(weight)

    def __call__(self, candidate, target):
        return tf.square(tf.reduce_mean(tf.square(candidate.latents), axis=-1) - 1)


@OBJECTIVES.register("center")
class Center(Objective):
    """Mean squared distance of styles from their mean, in standard deviations; weight 0.001."""

    spaces = ("w", "w_plus")

    def __init__(self, weight: float = 0.001):
        super().__init__(weight)

    def __call__(self, candidate, target):
        squares = tf.square(candidate.latents)
        return tf.reduce_mean(squares, axis=range(1, squares.shape.rank))


class Total:
    """The weighted sum of objectives, as a function of latents.

    Args:
        objectives: `Objective`s, or their specs, such as "features(0.1)".
        generate: (latents, labels) -> images (batch, H, W, C) in [-1, 1].
        critic: (images, labels) -> logits (batch,) and features (batch, f); needed where an
            objective needs them.
        look: images -> what is known of them; default: everything.
        encode: images -> latents; needed where an objective needs codes.

    Raises:
        UserError: for an invalid spec, or when an objective is given twice.
    """

    def __init__(self, objectives, generate, critic=None, look=None, encode=None):
        built = [OBJECTIVES.build(each) if isinstance(each, str) else each for each in objectives]
        self.objectives = {type(each).__name__.lower(): each for each in built}
        if len(self.objectives) < len(built):
            raise UserError("An objective is given twice: give each once, with its weight.")
        self.generate = generate
        self.critic = critic
        self.look = look or (lambda images: images)
        self.encode = encode

    @property
    def needs(self):
        """What the objectives need besides the images: a subset of {"features", "logits", "codes"}."""
        return {each.needs for each in self.objectives.values()} - {""}

    def candidate(self, latents, labels):
        """Returns the `Candidate` that latents (batch, n) and labels (batch,) make."""
        images = self.generate(latents, labels)
        outputs = self.critic(images, labels) if self.needs - {"codes"} else (None, None)
        codes = self.encode(images) if "codes" in self.needs else None
        return Candidate(latents, images, self.look(images), *outputs, codes)

    def target(self, seen, weights=None, labels=None):
        """Returns the `Target` of what is known of images; arguments as for `Target`.

        Features and codes are computed from `seen`, which must then be complete images.
        """
        if weights is None:
            weights = tf.ones_like(seen[..., :1])
        features = self.critic(seen, labels)[1] if "features" in self.needs else None
        codes = self.encode(seen) if "codes" in self.needs else None
        return Target(seen, weights, features, codes)

    def terms(self, latents, labels, target):
        """Returns {name: float32 (batch,)}, unweighted."""
        candidate = self.candidate(latents, labels)
        return {name: each(candidate, target) for name, each in self.objectives.items()}

    def __call__(self, latents, labels, target):
        """Returns the sum, float32 (batch,)."""
        terms = self.terms(latents, labels, target)
        return tf.add_n([self.objectives[name].weight * term for name, term in terms.items()])


def _weighted(differences, weights):
    """The weighted mean over positions of differences (batch, h, w, C), the mean over channels."""
    differences = tf.reduce_mean(differences, axis=-1, keepdims=True)
    total = tf.reduce_sum(weights, axis=(1, 2, 3))
    return tf.math.divide_no_nan(tf.reduce_sum(weights * differences, axis=(1, 2, 3)), total)
