"""Tricks with learning rates and gradients."""

import math

import keras
import tensorflow as tf

from gan_tf.errors import UserError, suggest
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick, needed


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("ttur")
class TwoTimeScale(Trick):
    """Two time-scale update rule: the discriminator learns faster than the generator.

    Its learning rate becomes `ratio` times the generator's, whatever its optimizer says.

    Source: Heusel et al., 2017 (https://arxiv.org/abs/1706.08500); 4 is the ratio of SAGAN
    (Zhang et al., 2019).

    Args:
        ratio: above 0, default 4.
    """

    def __init__(self, ratio: float = 4.0):
        if ratio <= 0:
            raise UserError(f"ttur({ratio}) stops the discriminator: it must be above 0.")
        self.ratio = ratio

    def compiled(self, gan):
        generator, discriminator = (
            gan.optimizers[name].optimizer for name in ("generator", "discriminator")
        )
        discriminator.learning_rate = self.ratio * float(generator.learning_rate)


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("gradient_clipping")
class GradientClipping(Trick):
    """Gradient clipping: scales each optimizer's gradients down to a norm of at most `norm`.

    The norm is that of all of a player's gradients together; the logged norms are those from
    before. Source: Pascanu et al., 2013 (https://arxiv.org/abs/1211.5063), algorithm 1.

    Args:
        norm: above 0, default 1.
    """

    def __init__(self, norm: float = 1.0):
        if norm <= 0:
            raise UserError(f"gradient_clipping({norm}) leaves no gradient: it must be above 0.")
        self.norm = norm

    def compiled(self, gan):
        for optimizer, _ in gan.optimizers.values():
            optimizer.global_clipnorm = self.norm


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("lr_decay")
class LearningRateDecay(Trick):
    """Learning-rate decay: all learning rates fall until the end of the run, to 0 by default.

    A run that goes on with more epochs goes on with the rates of the longer run.

    Args:
        shape: "linear" (default) or "cosine" (Loshchilov and Hutter, 2017), which end at zero, or
            "exponential", which ends at a hundredth, as in the code of BiGAN.
        start: the share of the run after which it begins, from 0 (default) to below 1.
        total_steps: training steps until the rates are 0; default: those of the run.
    """

    def __init__(self, shape: str = "linear", start: float = 0.0, total_steps=None):
        if shape not in _DECAYS:
            raise UserError(
                f"lr_decay has no shape '{shape}'{suggest(shape, _DECAYS)}; there are: "
                f"{', '.join(_DECAYS)}."
            )
        if not 0 <= start < 1:
            raise UserError(f"lr_decay begins at a share of the run below 1, not at {start}.")
        self.shape = shape
        self.start = start
        self.total_steps = needed("lr_decay", total_steps)

    def after_step(self, gan):
        done = tf.cast(gan.step, tf.float32) / self.total_steps
        share = tf.clip_by_value((done - self.start) / (1 - self.start), 0.0, 1.0)
        gan.set_learning_rates(_DECAYS[self.shape](share))


_DECAYS = {
    "linear": lambda share: 1 - share,
    "cosine": lambda share: (1 + tf.cos(math.pi * share)) / 2,
    "exponential": lambda share: 0.01**share,
}
