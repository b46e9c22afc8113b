"""Averages of the generator over its training."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("ema")
class ExponentialMovingAverage(Trick):
    """Averages the generator's weights over the steps; samples are drawn from the average.

    average <- decay average + (1 - decay) weights, after each step, for all weights, the
    statistics of batch normalization included. The decay of step t is at most
    (1 + t) / (10 + t), so that the start is soon forgotten.

    Source: Yazici et al., "The Unusual Effectiveness of Averaging in GAN Training", 2019
    (https://arxiv.org/abs/1806.04498); Karras et al., 2018, appendix A.

    Args:
        decay: from 0 to below 1, default 0.999.
    """

    sampler = "ema_generator"

    def __init__(self, decay: float = 0.999):
        if not 0 <= decay < 1:
            raise UserError(f"ema({decay}) does not average: its decay must be 0 or more, below 1.")
        self.decay = decay

    def attach(self, gan):
        average = keras.models.clone_model(gan.generator)
        average.set_weights(gan.generator.get_weights())
        average.trainable = False
        gan.add_network("ema_generator", average, average_of="generator")

    def after_step(self, gan):
        step = tf.cast(gan.step, tf.float32)
        share = 1 - tf.minimum(self.decay, (1 + step) / (10 + step))
        for average, weight in zip(gan.networks["ema_generator"].weights, gan.generator.weights):
            average.assign_add(tf.cast(share, average.dtype) * (weight - average))
