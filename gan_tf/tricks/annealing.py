"""Lowering the temperature of Gumbel-softmax samples."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.relaxation import temperatures
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import ScheduledTrick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("gumbel_annealing")
class GumbelAnnealing(ScheduledTrick):
    """Lowers the temperature of a Gumbel-softmax generator over the run, exponentially.

    High at first, the samples are soft and their gradients vary little; low at the end, they are
    nearly the one-hot rows that are generated.

    Source: Nie et al., "RelGAN", 2019 (https://openreview.net/forum?id=rJedV3R5tm), section 3.1, whose
    inverse temperature rises from 1 to 100 or 1000.

    Args:
        final: the temperature at the end, as a part of that at the beginning, above 0, default 0.01.
        total_steps: training steps over which it falls; default: the run's.
    """

    modalities = ("tokens",)

    def __init__(self, final: float = 0.01, total_steps=None):
        if not 0 < final <= 1:
            raise UserError(f"gumbel_annealing({final}): final must be above 0 and at most 1.")
        super().__init__(total_steps)
        self.final = final

    def attach(self, gan):
        super().attach(gan)
        if not temperatures(gan.networks["generator"]):
            raise UserError(
                "--trick=gumbel_annealing needs a generator with a temperature: give "
                "--relaxation=gumbel, or --arch=gumbel_lstm."
            )

    def after_step(self, gan):
        done = tf.minimum(1.0, tf.cast(gan.step, tf.float32) / self.total_steps)
        for weight, start in temperatures(gan.networks["generator"]):
            weight.assign(start * self.final**done)
