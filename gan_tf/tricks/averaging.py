"""Averages of the generator over training."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("ema")
class ExponentialMovingAverage(Trick):
    """Exponential moving average of the generator's weights, used for sampling.

    average <- decay average + (1 - decay) weights, after each step, for all weights, including
    batch normalization statistics. The decay of step t is at most (1 + t) / (10 + t), so that
    the initial weights are soon forgotten. With a `half_life`, the decay is instead
    0.5^(batch size / half-life), and with a `ramp` the half-life is at most that part of the images
    shown so far: averages of runs of different batch sizes are then alike.

    Source: Yazici et al., "The Unusual Effectiveness of Averaging in GAN Training", 2019
    (https://arxiv.org/abs/1806.04498); Karras et al., 2018, appendix A; half-life and ramp,
    Karras et al., 2020 (https://arxiv.org/abs/2006.06676), appendix B, which have 10,000 and 0.05.

    Args:
        decay: from 0 to below 1, default 0.999.
        half_life: in images, default 0: the decay counts.
        ramp: 0 (default: none) or more.
        batch_size: samples in a step, needed with a half-life; default: the run's.
    """

    sampler = "ema_"

    def __init__(
        self, decay: float = 0.999, half_life: float = 0.0, ramp: float = 0.0, batch_size=None
    ):
        if not 0 <= decay < 1:
            raise UserError(f"ema({decay}): the decay must be 0 or more, below 1.")
        if half_life < 0 or ramp < 0 or (ramp and not half_life):
            raise UserError(
                f"ema(half_life={half_life}, ramp={ramp}): both must be 0 or more, and a ramp needs a "
                "half-life."
            )
        self.decay = decay
        self.half_life = half_life
        self.ramp = ramp
        self.batch_size = batch_size

    def schedule(self, total_steps, batch_size):
        del total_steps
        self.batch_size = self.batch_size or batch_size

    def attach(self, gan):
        if self.half_life and not self.batch_size:
            raise ValueError("ema with a half-life needs batch_size, the samples in a step")
        for name in gan.generators:
            average = keras.models.clone_model(gan.networks[name])
            average.set_weights(gan.networks[name].get_weights())
            average.trainable = False
            gan.add_network(self.sampler + name, average, average_of=name)

    def after_step(self, gan):
        rate = 1 - self._decay(tf.cast(gan.step, tf.float32))
        for name in gan.generators:
            averages = gan.networks[self.sampler + name].weights
            for average, weight in zip(averages, gan.networks[name].weights):
                average.assign_add(tf.cast(rate, average.dtype) * (weight - average))

    def _decay(self, step):
        """The decay after a number of steps, from 1."""
        if not self.half_life:
            return tf.minimum(self.decay, (1 + step) / (10 + step))
        half_life = tf.constant(self.half_life)
        if self.ramp:
            half_life = tf.minimum(half_life, self.ramp * self.batch_size * (step - 1))
        return 0.5 ** (self.batch_size / tf.maximum(half_life, 1e-6))
