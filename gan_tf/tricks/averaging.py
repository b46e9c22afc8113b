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
    the initial weights are soon forgotten.

    Source: Yazici et al., "The Unusual Effectiveness of Averaging in GAN Training", 2019
    (https://arxiv.org/abs/1806.04498); Karras et al., 2018, appendix A.

    Args:
        decay: from 0 to below 1, default 0.999.
    """

    sampler = "ema_"

    def __init__(self, decay: float = 0.999):
        if not 0 <= decay < 1:
            raise UserError(f"ema({decay}): the decay must be 0 or more, below 1.")
        self.decay = decay

    def attach(self, gan):
        for name in gan.generators:
            average = keras.models.clone_model(gan.networks[name])
            average.set_weights(gan.networks[name].get_weights())
            average.trainable = False
            gan.add_network(self.sampler + name, average, average_of=name)

    def after_step(self, gan):
        step = tf.cast(gan.step, tf.float32)
        rate = 1 - tf.minimum(self.decay, (1 + step) / (10 + step))
        for name in gan.generators:
            averages = gan.networks[self.sampler + name].weights
            for average, weight in zip(averages, gan.networks[name].weights):
                average.assign_add(tf.cast(rate, average.dtype) * (weight - average))
