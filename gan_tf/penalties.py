"""Penalties and constraints that keep a discriminator smooth.

A penalty is called as `penalty(critic, real, fake, seed) -> scalar`, which is added to the
discriminator's loss: `critic` maps images (batch, H, W, C) to logits, labels being bound
already; `real` and `fake` are float32 (batch, H, W, C); `seed` is a
`keras.random.SeedGenerator`. A constraint acts on the discriminator's variables instead,
after each update.
"""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.part import Part
from gan_tf.registries import PENALTIES


class Penalty(Part):
    """The base of the penalties.

    Attributes:
        forbids_batch_norm: whether it makes no sense with batch normalization in the
            discriminator, which makes an image's logit depend on the other images.
    """

    forbids_batch_norm = False

    def constrain(self, discriminator):
        """Called once, before the first update: may set constraints on variables."""

    def __call__(self, critic, real, fake, seed):
        """Returns the scalar to add to the discriminator's loss."""
        del critic, real, fake, seed
        return 0.0


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("weight_clip")
class WeightClip(Penalty):
    """Weight clipping (Arjovsky et al., 2017): each weight is cut to [-limit, limit].

    All trainable weights, those of normalization included, after each update.

    Source: https://arxiv.org/abs/1701.07875, algorithm 1, line 7.

    Args:
        limit: above 0; the paper's is 0.01, the default.
    """

    def __init__(self, limit: float = 0.01):
        if limit <= 0:
            raise UserError(f"weight_clip({limit}) leaves no weight: its limit must be above 0.")
        self.limit = limit

    def constrain(self, discriminator):
        for variable in discriminator.trainable_variables:
            variable.constraint = self._clip

    def _clip(self, weights):
        return tf.clip_by_value(weights, -self.limit, self.limit)


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("wgan_gp")
class WassersteinGradient(Penalty):
    """Gradient penalty of WGAN-GP (Gulrajani et al., 2017): norms of 1 between real and fake.

    weight * mean((|grad f(y)| - 1)^2) at y = x + a (G(z) - x), with a uniform on [0, 1] for
    each pair of a real and a fake.

    Source: https://arxiv.org/abs/1704.00028, equation 3 and algorithm 1.

    Args:
        weight: 0 or more; the paper's lambda is 10, the default.
    """

    forbids_batch_norm = True

    def __init__(self, weight: float = 10.0):
        if weight < 0:
            raise UserError(f"wgan_gp({weight}) rewards steepness: its weight must be 0 or more.")
        self.weight = weight

    def __call__(self, critic, real, fake, seed):
        share = keras.random.uniform((tf.shape(real)[0], 1, 1, 1), seed=seed)
        norms = gradient_norms(critic, real + share * (fake - real))
        return self.weight * tf.reduce_mean(tf.square(norms - 1))


def gradient_norms(critic, images):
    """Returns the Euclidean norms of the critic's gradients: float32 (batch,).

    Differentiable in the critic's variables.

    Args:
        critic: images -> logits, each from its image alone.
        images: float32 (batch, H, W, C).
    """
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = critic(images)
    gradients = tf.cast(tape.gradient(logits, images), tf.float32)
    squares = tf.reduce_sum(tf.square(gradients), axis=(1, 2, 3))
    # The square root has no derivative at 0.
    return tf.sqrt(squares + 1e-12)
