"""Rejection sampling: which generated images are accepted, by their discriminator logits.

A rejection method is a class registered in `REJECTIONS`:

    calibrated            class attribute: whether it needs calibrated logits, the logarithm of
                          the density ratio of reals to fakes, see `calibrate`
    begin(logits)         is called once with the logits of some fakes, before `accepts`
    accepts(logits, uniforms)
                          float (n,) each -> bool (n,): which of n fakes are accepted; a
                          random method accepts by uniform numbers in [0, 1)
"""

import numpy as np

from gan_tf.errors import UserError
from gan_tf.registry import GANS, LOSSES, REJECTIONS
from gan_tf.runs import preflight


@REJECTIONS.register("threshold")
class Threshold:
    """Keeps what the discriminator finds real with a probability of 0.5, or threshold(0.9).

    Args:
        probability: the minimum, above 0 and below 1, default 0.5.
    """

    calibrated = False

    def __init__(self, probability: float = 0.5):
        if not 0 < probability < 1:
            raise UserError(
                f"threshold({probability}): the probability must be above 0 and below 1."
            )
        self.logit = np.log(probability / (1 - probability))

    def begin(self, logits):
        """Does nothing: the threshold is fixed."""

    def accepts(self, logits, uniforms):
        return np.asarray(logits) >= self.logit


@REJECTIONS.register("drs")
class DiscriminatorRejection:
    """Discriminator rejection sampling: keeps fakes in proportion to the density of reals.

    With l the logarithm of the density ratio of reals to fakes and M its maximum, an image is
    accepted with probability sigmoid(F - gamma), F = l - M - log(1 - exp(l - M - epsilon)). A gamma
    of 0 gives exp(l - M), exact rejection, which accepts almost nothing; gamma is a percentile of
    F. M starts as the maximum over the fakes given to `begin`, and is raised by every image that
    exceeds it.

    Source: Azadi et al., "Discriminator Rejection Sampling", 2019
    (https://arxiv.org/abs/1810.06758), section 3. Unlike there, the percentile is over
    the fakes given to `begin`, not over each batch, so that results do not depend on batches.

    Args:
        percentile: of F, from 0 to 100, that is accepted half of the time: about that percentage
            of fakes is accepted less often; default 80.
        epsilon: above 0, default 1e-6.
    """

    calibrated = True

    def __init__(self, percentile: float = 80.0, epsilon: float = 1e-6):
        if not 0 <= percentile <= 100:
            raise UserError(f"drs(percentile={percentile}): the percentile must be from 0 to 100.")
        if epsilon <= 0:
            raise UserError(f"drs(epsilon={epsilon}): epsilon must be above 0.")
        self.percentile = percentile
        self.epsilon = epsilon

    def begin(self, logits):
        self._first = np.asarray(logits, np.float64)
        self._raise_maximum(self._first.max())

    def accepts(self, logits, uniforms):
        return np.array(
            [self._accepts(*each) for each in zip(np.asarray(logits, np.float64), uniforms)], bool
        )

    def probability(self, logits):
        """Returns the probability that each image is accepted, float (n,)."""
        return 1 / (
            1 + np.exp(np.clip(self._gamma - self._f(np.asarray(logits, np.float64)), -700, 700))
        )

    def _accepts(self, logit, uniform):
        if logit > self.maximum:
            self._raise_maximum(logit)
        return uniform < self.probability(logit)

    def _raise_maximum(self, maximum):
        self.maximum = maximum
        self._gamma = np.percentile(self._f(self._first), self.percentile)

    def _f(self, logits):
        below = logits - self.maximum
        return below - np.log(-np.expm1(np.minimum(below, 0) - self.epsilon))


def check(run, spec, location=None):
    """Checks that a rejection method works with a run; does not need TensorFlow.

    Args:
        run: a `RunDir`.
        spec: of an entry of `REJECTIONS`.
        location: see `preflight.check_data`.

    Raises:
        UserError: when the data that it needs are missing, when the discriminator scores packs of
            images, or when the method needs probabilities and the loss gives none.
    """
    config = run.config()
    kind = GANS.entry(config.gan)
    if "reject" not in kind.attributes["supported"]:
        raise UserError(
            f"--reject={spec}: the run in '{run.path}' is of --gan={kind.name}, which has no "
            "discriminator of single samples: leave --reject out."
        )
    if config.packing > 1:
        raise UserError(
            f"--reject={spec}: the discriminator of '{run.path}' scores packs of "
            f"{config.packing} images (--packing), not single ones: leave --reject out."
        )
    calibrated = REJECTIONS.entry(spec).attributes["calibrated"]
    if calibrated:
        preflight.check_data(run, location or {})
    if not (calibrated or LOSSES.entry(config.loss).attributes["probabilistic"]):
        raise UserError(
            f"--reject={spec}: with --loss={config.loss} the discriminator of '{run.path}' gives no "
            "probabilities: use --reject=drs, which calibrates it."
        )


def calibrate(real, fake):
    """Fits a logistic regression that separates reals from fakes by discriminator logits.

    With a prior probability of 1/2 that an image is real, slope * logit + intercept is the logit
    of the posterior: the logarithm of the density ratio. Reals and fakes have equal weight,
    whatever their numbers. Fitted by Newton's method, with a prior so weak that it matters only
    for perfectly separated logits, for which it keeps the slope finite.

    Source: Turner et al., "Metropolis-Hastings Generative Adversarial Networks", 2019
    (https://arxiv.org/abs/1811.11357), and Azadi et al.: calibration by logistic regression.

    Args:
        real, fake: float (n,) and (m,): the logits of held-out reals, and of fakes.

    Returns:
        slope and intercept.
    """
    logits = np.concatenate([real, fake]).astype(np.float64)
    center, scale = logits.mean(), logits.std() or 1.0
    inputs = np.stack([(logits - center) / scale, np.ones(len(logits))], axis=1)
    is_real = np.arange(len(logits)) < len(real)
    weights = np.where(is_real, 0.5 / len(real), 0.5 / len(fake))
    prior = np.diag([1e-6, 0.0])
    found = np.zeros(2)
    for _ in range(100):
        probabilities = 1 / (1 + np.exp(-np.clip(inputs @ found, -500, 500)))
        gradient = inputs.T @ (weights * (probabilities - is_real)) + prior @ found
        curvature = weights * probabilities * (1 - probabilities)
        step = np.linalg.solve(
            (inputs.T * curvature) @ inputs + prior + 1e-12 * np.eye(2), gradient
        )
        step *= (
            min(1.0, 4 / np.abs(step).max()) if step.any() else 1.0
        )  # far from the optimum it overshoots
        found -= step
        if np.abs(step).max() < 1e-10:
            break
    slope = found[0] / scale
    return slope, found[1] - slope * center
