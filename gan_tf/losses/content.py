"""Content losses: how far a generator's output is from its target.

A content loss is called as `loss(output, target) -> scalar`: float32 (batch, H, W, C) in [-1, 1] each.
"""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import CONTENT_LOSSES, Configurable


class ContentLoss(Configurable):
    """The base class of the content losses.

    Attributes:
        weight: of the loss, in the generator's; 0 or more.
        modalities: names of the modalities it supports; (): any.
    """

    modalities = ()

    def __init__(self, weight):
        if weight < 0:
            raise UserError(
                f"A weight of {weight} for a content loss is negative: it must be 0 or more."
            )
        self.weight = weight

    def __call__(self, output, target):
        """Returns the weighted loss, a scalar."""
        return self.weight * self.distance(output, target)

    def distance(self, output, target):
        """Returns the loss without its weight."""
        raise NotImplementedError


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("l1")
class L1(ContentLoss):
    """Mean absolute difference (Isola et al., 2017): blurs less than the squared one.

    Source: https://arxiv.org/abs/1611.07004, equation 3; the weight is the paper's.

    Args:
        weight: 0 or more, default 100.
    """

    def __init__(self, weight: float = 100.0):
        super().__init__(weight)

    def distance(self, output, target):
        return tf.reduce_mean(tf.abs(output - target))


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("l2")
class L2(ContentLoss):
    """Mean squared difference: the best PSNR, and the most blur.

    Source: Ledig et al., 2017 (https://arxiv.org/abs/1609.04802), equation 4.

    Args:
        weight: 0 or more, default 100.
    """

    def __init__(self, weight: float = 100.0):
        super().__init__(weight)

    def distance(self, output, target):
        return tf.reduce_mean(tf.square(output - target))


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("total_variation")
class TotalVariation(ContentLoss):
    """Mean absolute difference of neighbouring pixels of the output, against noise.

    Source: Rudin, Osher and Fatemi, 1992, in its anisotropic form.

    Args:
        weight: 0 or more, default 1.
    """

    modalities = ("image",)

    def __init__(self, weight: float = 1.0):
        super().__init__(weight)

    def distance(self, output, target):
        del target
        down = tf.reduce_mean(tf.abs(output[:, 1:] - output[:, :-1]))
        return down + tf.reduce_mean(tf.abs(output[:, :, 1:] - output[:, :, :-1]))


@keras.saving.register_keras_serializable("gan_tf")
@CONTENT_LOSSES.register("none")
class NoContentLoss(ContentLoss):
    """No content loss: the adversarial game alone."""

    def __init__(self):
        super().__init__(0.0)

    def distance(self, output, target):
        del output, target
        return 0.0

    def get_config(self):
        return {}
