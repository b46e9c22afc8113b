"""Regularization of the networks that the generator's optimizer trains."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("generator_l2")
class GeneratorL2(Trick):
    """L2 regularization: weight * the sum of squares of the generator's kernels.

    Includes the encoder's kernels, if there is an encoder. Biases and normalization parameters are
    excluded; for the discriminator use the penalty `l2`.

    Source: Krogh and Hertz, "A Simple Weight Decay Can Improve Generalization", 1992.

    Args:
        weight: 0 or more, default 1e-4.
    """

    hooks = ("generator_loss",)

    def __init__(self, weight: float = 1e-4):
        if weight < 0:
            raise UserError(f"generator_l2({weight}): the weight must be 0 or more.")
        self.weight = weight

    def generator_loss(self, gan, loss, batch):
        del batch
        kernels = [each for each in gan.trainable_variables_of("generator") if each.ndim > 1]
        return loss + self.weight * tf.add_n([tf.reduce_sum(tf.square(each)) for each in kernels])
