"""Tricks that change learning rates, gradients, and the weights of penalties."""

import math

import keras
import tensorflow as tf

from gan_tf.errors import UserError, suggest
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import ScheduledTrick, Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("ttur")
class TwoTimeScale(Trick):
    """Two time-scale update rule: the discriminator learns faster than the generator.

    Its learning rate is set to `ratio` times the generator's, overriding its optimizer's.

    Source: Heusel et al., 2017 (https://arxiv.org/abs/1706.08500); the ratio of 4 is from SAGAN
    (Zhang et al., 2019).

    Args:
        ratio: above 0, default 4.
    """

    def __init__(self, ratio: float = 4.0):
        if ratio <= 0:
            raise UserError(f"ttur({ratio}): the ratio must be above 0.")
        self.ratio = ratio

    def compiled(self, gan):
        optimizers = {name: each.optimizer for name, each in gan.optimizers.items()}
        generator = next(name for name, role in gan.roles.items() if role == "generator")
        rate = self.ratio * float(optimizers[generator].learning_rate)
        for name, role in gan.roles.items():
            if role == "discriminator":
                optimizers[name].learning_rate = rate


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("gradient_clipping")
class GradientClipping(Trick):
    """Gradient clipping: scales each optimizer's gradients down to a norm of at most `norm`.

    The norm is that of all gradients of an optimizer together; logged norms are before clipping.
    Source: Pascanu et al., 2013 (https://arxiv.org/abs/1211.5063), algorithm 1.

    Args:
        norm: above 0, default 1.
    """

    def __init__(self, norm: float = 1.0):
        if norm <= 0:
            raise UserError(f"gradient_clipping({norm}): the norm must be above 0.")
        self.norm = norm

    def compiled(self, gan):
        for optimizer, _ in gan.optimizers.values():
            optimizer.global_clipnorm = self.norm


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("lr_decay")
class LearningRateDecay(ScheduledTrick):
    """Learning-rate decay: all learning rates decay until the end of the run, by default to 0.

    A run that is resumed with more epochs uses the rates of the longer run.

    Source: Loshchilov and Hutter, "SGDR", 2017 (https://arxiv.org/abs/1608.03983), for the cosine.

    Args:
        shape: "linear" (default) or "cosine" (Loshchilov and Hutter, 2017), which end at `final`, or
            "exponential", which ends at a hundredth, as in the code of BiGAN, or "halving", after each
            tenth of the decay, down to a fifth, as in the code of zi2zi.
        start: the fraction of the run after which the decay begins, from 0 (default) to below 1.
        total_steps: training steps until the decay ends; default: those of the run.
        final: the rates at the end of the first two shapes, as a part of those at first, from 0
            (default) to below 1; R3GAN has 0.25.
    """

    sets_learning_rates = True

    def __init__(
        self, shape: str = "linear", start: float = 0.0, total_steps=None, final: float = 0.0
    ):
        if shape not in _DECAYS:
            raise UserError(
                f"lr_decay has no shape '{shape}'{suggest(shape, _DECAYS)}; choose from: "
                f"{', '.join(_DECAYS)}."
            )
        if not 0 <= start < 1:
            raise UserError(f"lr_decay: start={start} must be a fraction from 0 to below 1.")
        if final and (not 0 <= final < 1 or shape not in _TO_ZERO):
            raise UserError(
                f"lr_decay: final={final} must be a fraction from 0 to below 1, and goes with the shapes "
                f"{' and '.join(_TO_ZERO)}."
            )
        super().__init__(total_steps)
        self.shape = shape
        self.start = start
        self.final = final

    def after_step(self, gan):
        done = tf.cast(gan.step, tf.float32) / self.total_steps
        progress = tf.clip_by_value((done - self.start) / (1 - self.start), 0.0, 1.0)
        gan.set_learning_rates(self.final + (1 - self.final) * _DECAYS[self.shape](progress))


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("penalty_decay")
class PenaltyDecay(ScheduledTrick):
    """Penalty decay: the weights of all penalties fall along a cosine until the end of the run.

    A run that is resumed with more epochs uses the weights of the longer run.

    Source: Huang et al., "The GAN is dead; long live the GAN!", 2024
    (https://arxiv.org/abs/2501.05441), whose gammas of R1 and R2 fall to a tenth.

    Args:
        final: the weights at the end, as a part of those given, 0 or more, default 0.1.
        total_steps: training steps until the decay ends; default: those of the run.
    """

    hooks = ("penalty",)
    needs_penalty = True

    def __init__(self, final: float = 0.1, total_steps=None):
        if final < 0:
            raise UserError(f"penalty_decay({final}): final must be 0 or more.")
        super().__init__(total_steps)
        self.final = final

    def penalty(self, gan, penalty):
        return penalty * along_cosine(1.0, self.final, gan.step, self.total_steps)


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("beta_2_growth")
class Beta2Growth(ScheduledTrick):
    """Beta_2 growth: that of Adam rises along a cosine from the one given until the end of the run.

    So squared gradients are averaged over few steps at first, when they change fast. A run that is
    resumed with more epochs uses the values of the longer run.

    Source: Huang et al., "The GAN is dead; long live the GAN!", 2024
    (https://arxiv.org/abs/2501.05441), whose beta_2 rises from 0.9 to 0.99.

    Args:
        final: beta_2 at the end, from 0 to below 1, and above those given. Default 0.99.
        total_steps: training steps until it is reached; default: those of the run.
    """

    needs_optimizer = "adam"
    raises = "beta_2"

    def __init__(self, final: float = 0.99, total_steps=None):
        if not 0 <= final < 1:
            raise UserError(f"beta_2_growth({final}): final must be from 0 to below 1.")
        super().__init__(total_steps)
        self.final = final

    def compiled(self, gan):
        for name, (optimizer, _) in gan.optimizers.items():
            if not hasattr(optimizer, "vary_beta_2"):
                raise UserError(
                    f"beta_2_growth needs the optimizer adam, and that of the {name} is another: give "
                    f'"adam" as {name}_optimizer.'
                )
            if optimizer.beta_2 >= self.final:
                raise UserError(
                    f"beta_2_growth({self.final}) has nothing to raise: beta_2 of the {name}'s optimizer "
                    f"is {optimizer.beta_2:g} already."
                )
            ends = optimizer.beta_2, self.final
            optimizer.vary_beta_2(lambda ends=ends: along_cosine(*ends, gan.step, self.total_steps))


def along_cosine(first, final, step, total_steps):
    """Returns what changes from `first` along half a cosine, to be `final` from `total_steps` on."""
    progress = tf.minimum(tf.cast(step, tf.float32) / total_steps, 1.0)
    return final + (first - final) * _DECAYS["cosine"](progress)


_TO_ZERO = ("linear", "cosine")
_DECAYS = {
    "linear": lambda progress: 1 - progress,
    "cosine": lambda progress: (1 + tf.cos(math.pi * progress)) / 2,
    "exponential": lambda progress: 0.01**progress,
    "halving": lambda progress: tf.maximum(0.5 ** tf.floor(10 * progress), 0.2),
}
