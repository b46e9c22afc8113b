"""Penalties and constraints that keep a discriminator smooth.

A penalty is called as `penalty(critic, real, fake, seed) -> scalar`, which is added to the
discriminator's loss: `critic` maps images (batch, H, W, C) to logits, with labels and
augmentation already bound; its optional attribute `packing` is the number of consecutive images
that it scores together (default 1): for such a critic the pack is the sample. `real` and `fake`
are float32 (batch, H, W, C), or samples of any other rank; `seed` is a
`keras.random.SeedGenerator`. A constraint acts on the discriminator's variables instead, after
each update.
"""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.moments import widened
from gan_tf.registry import PENALTIES, Configurable
from gan_tf.runtime import replicas


class Penalty(Configurable):
    """The base class of the penalties.

    Attributes:
        forbids_batch_norm: whether it is incompatible with batch normalization in the
            discriminator, which makes an image's logit depend on the other images.
        every: it is computed once per this many training steps, weighted by the same number
            ("lazy regularization", Karras et al., 2020, appendix B).
        optimizer: the spec of its paper's optimizer, the default of both networks; "": no
            preference.
    """

    forbids_batch_norm = False
    every = 1
    optimizer = ""

    def constrain(self, discriminator):
        """Called once, before the first update; can set constraints on variables."""

    def __call__(self, critic, real, fake, seed):
        """Returns the scalar to add to the discriminator's loss."""
        del critic, real, fake, seed
        return 0.0


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("weight_clip")
class WeightClip(Penalty):
    """Weight clipping (Arjovsky et al., 2017): clips each weight to [-limit, limit].

    Applies to all trainable weights, including those of normalization, after each update.

    Source: https://arxiv.org/abs/1701.07875, algorithm 1, line 7.

    Args:
        limit: above 0, default 0.01, as in the paper.
    """

    optimizer = "rmsprop(5e-5)"

    def __init__(self, limit: float = 0.01):
        if limit <= 0:
            raise UserError(f"weight_clip({limit}): the limit must be above 0.")
        self.limit = limit

    def constrain(self, discriminator):
        for variable in discriminator.trainable_variables:
            variable.constraint = self._clip

    def _clip(self, weights):
        return tf.clip_by_value(weights, -self.limit, self.limit)


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("wgan_gp")
class WassersteinGradient(Penalty):
    """Gradient penalty of WGAN-GP (Gulrajani et al., 2017): norms near 1 between reals and fakes.

    weight * mean((|grad f(y)| - 1)^2) at y = x + a (G(z) - x), with a uniform on [0, 1] for
    each pair of a real and a fake (or of packs).

    Source: https://arxiv.org/abs/1704.00028, equation 3 and algorithm 1.

    Args:
        weight: lambda, 0 or more, default 10, as in the paper.
    """

    forbids_batch_norm = True
    optimizer = "adam(1e-4, beta_1=0.0, beta_2=0.9)"

    def __init__(self, weight: float = 10.0):
        self.weight = _checked("wgan_gp", weight)

    def __call__(self, critic, real, fake, seed):
        weights = _interpolation_weights(critic, real, seed)
        norms = gradient_norms(critic, real + weights * (fake - real))
        return self.weight * tf.reduce_mean(tf.square(norms - 1))


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("dragan")
class Dragan(Penalty):
    """Gradient penalty of DRAGAN (Kodali et al., 2017): norms near 1 around the reals.

    weight * mean((|grad D(y)| - 1)^2) at y = x + a d: x real, a uniform on [0, 1] for each
    image (or pack), d uniform on [0, s / 2] for each pixel, s the batch's standard deviation.

    Source: https://arxiv.org/abs/1705.07215, section 2.4; the noise d is that of the authors'
    code.

    Args:
        weight: lambda, 0 or more, default 10, as in the paper.
    """

    def __init__(self, weight: float = 10.0):
        self.weight = _checked("dragan", weight)

    def __call__(self, critic, real, fake, seed):
        del fake
        mean = replicas.mean(tf.reduce_mean(real))
        deviation = tf.sqrt(replicas.mean(tf.reduce_mean(tf.square(real - mean))))
        noise = keras.random.uniform(tf.shape(real), seed=seed) * deviation / 2
        weights = _interpolation_weights(critic, real, seed)
        norms = gradient_norms(critic, real + weights * noise)
        return self.weight * tf.reduce_mean(tf.square(norms - 1))


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("r1")
class R1(Penalty):
    """R1 (Mescheder et al., 2018): penalizes gradients at the reals.

    gamma / 2 * mean(|grad D(x)|^2), computed once per `every` steps and weighted by `every`.

    Source: https://arxiv.org/abs/1801.04406, equation 9; the lazy variant, Karras et al.,
    2020, appendix B (https://arxiv.org/abs/1912.04958).

    Args:
        gamma: 0 or more, default 10.
        every: interval in steps, from 1 (as published), default 16.
    """

    def __init__(self, gamma: float = 10.0, every: int = 16):
        if every < 1:
            raise UserError(f"every={every}: the interval of a penalty must be 1 step or more.")
        self.gamma = _checked("the penalty", gamma)
        self.every = every

    def __call__(self, critic, real, fake, seed):
        del seed
        squares = tf.square(gradient_norms(critic, self._samples(real, fake)))
        return self.gamma / 2 * tf.reduce_mean(squares)

    def _samples(self, real, fake):
        del fake
        return real


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("r2")
class R2(R1):
    """R2 (Mescheder et al., 2018): penalizes gradients at the fakes.

    gamma / 2 * mean(|grad D(G(z))|^2), computed once per `every` steps and weighted by `every`.

    Source: https://arxiv.org/abs/1801.04406, equation 10. Arguments as for r1.
    """

    def _samples(self, real, fake):
        del real
        return fake


@keras.saving.register_keras_serializable("gan_tf")
@PENALTIES.register("l2")
class L2(Penalty):
    """L2 regularization: weight * the sum of squares of the discriminator's kernels.

    Biases and normalization parameters are excluded.

    Source: Krogh and Hertz, "A Simple Weight Decay Can Improve Generalization", 1992.

    Args:
        weight: 0 or more, default 1e-4.
    """

    def __init__(self, weight: float = 1e-4):
        self.weight = _checked("l2", weight)

    def constrain(self, discriminator):
        self._kernels = [each for each in discriminator.trainable_variables if each.ndim > 1]

    def __call__(self, critic, real, fake, seed):
        del critic, real, fake, seed
        return self.weight * tf.add_n([tf.reduce_sum(tf.square(each)) for each in self._kernels])


def lazily(step, every, compute, otherwise):
    """Returns the result of a function in one of `every` steps, else a tensor (lazy regularization).

    Args:
        step: the number of completed steps, a scalar tensor.
        every: the interval, from 1.
        compute: a function that returns a tensor, computed only when it is due.
        otherwise: a tensor of the same shape and dtype.
    """
    if every == 1:
        return compute()
    return tf.cond(step % every == 0, compute, lambda: otherwise)


def gradient_norms(critic, images):
    """Returns the Euclidean norms of the critic's gradients: float32 (batch / packing,).

    Differentiable with respect to the critic's variables.

    Args:
        critic: images -> logits, each depending only on its own image or pack.
        images: float32 (batch, H, W, C), or of any other rank.
    """
    with tf.GradientTape() as tape:
        tape.watch(images)
        logits = critic(images)
    gradients = widened(tape.gradient(logits, images))
    squares = tf.reduce_sum(tf.square(gradients), axis=range(1, images.shape.rank))
    squares = tf.reduce_sum(tf.reshape(squares, (-1, _packing(critic))), axis=1)
    # The derivative of the square root is infinite at 0.
    return tf.sqrt(squares + 1e-12)


def _packing(critic):
    return getattr(critic, "packing", 1)


def _interpolation_weights(critic, images, seed):
    """Uniform on [0, 1], one per pack of images: (batch, 1, 1, 1)."""
    packs = tf.shape(images)[0] // _packing(critic)
    drawn = keras.random.uniform((packs, *[1] * (images.shape.rank - 1)), seed=seed)
    return tf.repeat(drawn, _packing(critic), axis=0)


def _checked(name, weight):
    if weight < 0:
        raise UserError(f"A weight of {weight} for {name} is negative: it must be 0 or more.")
    return weight
