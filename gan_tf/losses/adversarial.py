"""Adversarial losses of generator and discriminator, as functions of the logits.

A loss is a `Loss` with two methods, both per example, without the mean:

    discriminator(real_logits, fake_logits) -> (batch, ...)
    generator(fake_logits, real_logits) -> (batch, ...)

Logits are the discriminator's raw outputs, float32, all of the same shape; D(x) below is
their sigmoid. For the generator `real_logits` are constants, from the discriminator's
update on the same batch.
"""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import LOSSES, Configurable
from gan_tf.runtime import replicas


class Loss(Configurable):
    """The base class of the losses.

    Attributes:
        probabilistic: whether the sigmoid of a logit is the probability of being real, and
            0 the decision boundary.
        signed: whether 0 is the decision boundary of logits that give no probabilities.
        adversarial: whether there is a game; without one the discriminator is not trained.
    """

    probabilistic = True
    signed = False
    adversarial = True

    def encoder(self, real_logits, fake_logits):
        """The loss of an encoder, whose pairs of a real and its code should pass for generated.

        The generator's loss with the signs flipped: -log(1 - D(x, E(x))) where the generator has
        -log D(G(z), z). Returns (batch, ...), like the others.
        """
        return self.generator(-real_logits, -fake_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("non_saturating")
class NonSaturating(Loss):
    """Non-saturating loss (Goodfellow et al., 2014): the generator maximizes log D(G(z)).

    Discriminator: -log D(x) - log(1 - D(G(z))). Generator: -log D(G(z)), whose gradient
    remains large where the discriminator rejects the fakes.

    Source: https://arxiv.org/abs/1406.2661, section 3, last paragraph.
    """

    def discriminator(self, real_logits, fake_logits):
        """-log D(x) - log(1 - D(G(z))), computed from logits without overflow."""
        return tf.nn.softplus(-real_logits) + tf.nn.softplus(fake_logits)

    def generator(self, fake_logits, real_logits):
        """-log D(G(z))."""
        del real_logits
        return tf.nn.softplus(-fake_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("minimax")
class Minimax(NonSaturating):
    """Minimax loss (Goodfellow et al., 2014): the generator minimizes log(1 - D(G(z))).

    The zero-sum game of the paper's equation 1. The generator's gradient vanishes where the
    discriminator confidently rejects the fakes, a common failure early in training.

    Source: https://arxiv.org/abs/1406.2661, equation 1.
    """

    def generator(self, fake_logits, real_logits):
        """log(1 - D(G(z)))."""
        del real_logits
        return -tf.nn.softplus(fake_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("wasserstein")
class Wasserstein(Loss):
    """Wasserstein loss (Arjovsky et al., 2017): a critic's mean difference of reals and fakes.

    It estimates a distance only if the critic is Lipschitz: combine it with a penalty, the
    paper's weight_clip or wgan_gp. The negative discriminator loss is the estimate.

    Source: https://arxiv.org/abs/1701.07875, algorithm 1.
    """

    probabilistic = False

    def discriminator(self, real_logits, fake_logits):
        """f(G(z)) - f(x)."""
        return fake_logits - real_logits

    def generator(self, fake_logits, real_logits):
        """-f(G(z))."""
        del real_logits
        return -fake_logits


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("hinge")
class Hinge(Wasserstein):
    """Hinge loss (Lim and Ye, 2017): only logits within the margin train the discriminator.

    Source: https://arxiv.org/abs/1705.02894, equations 7 and 8; with spectral norm, Miyato
    et al., 2018, equations 16 and 17.
    """

    probabilistic = False
    signed = True

    def discriminator(self, real_logits, fake_logits):
        """max(0, 1 - f(x)) + max(0, 1 + f(G(z)))."""
        return tf.nn.relu(1 - real_logits) + tf.nn.relu(1 + fake_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("least_squares")
class LeastSquares(Loss):
    """Least squares (Mao et al., 2017): squared distances of the logits from target values.

    The default targets, 0 for fakes and 1 for reals with 1 for the generator, are the paper's
    equation 9; its equation 8 is least_squares(real=1, fake=-1, generated=0), which minimizes
    a Pearson chi-squared divergence.

    Source: https://arxiv.org/abs/1611.04076, equation 2.

    Args:
        real: the discriminator's target for reals, b of the paper, default 1.
        fake: its target for fakes, a of the paper, default 0.
        generated: the generator's target for fakes, c of the paper, default 1.
    """

    probabilistic = False

    def __init__(self, real: float = 1.0, fake: float = 0.0, generated: float = 1.0):
        self.real = real
        self.fake = fake
        self.generated = generated

    def discriminator(self, real_logits, fake_logits):
        """((f(x) - b)^2 + (f(G(z)) - a)^2) / 2."""
        return (tf.square(real_logits - self.real) + tf.square(fake_logits - self.fake)) / 2

    def generator(self, fake_logits, real_logits):
        """(f(G(z)) - c)^2 / 2."""
        del real_logits
        return tf.square(fake_logits - self.generated) / 2

    def encoder(self, real_logits, fake_logits):
        """(f(x) - a)^2 / 2: the discriminator's target for fakes."""
        del fake_logits
        return tf.square(real_logits - self.fake) / 2


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("relativistic")
class Relativistic(Loss):
    """Relativistic pairing loss (Jolicoeur-Martineau, 2019): each real against one fake.

    The discriminator says which of two is more real; the generator has the same loss with reals and
    fakes swapped.

    Source: https://arxiv.org/abs/1807.00734, section 4.1 (RSGAN), the loss of RelGAN (Nie et al., 2019)
    and of R3GAN (Huang et al., 2024). The generator's loss uses the reals' logits from before the
    discriminator's update.
    """

    probabilistic = False

    def discriminator(self, real_logits, fake_logits):
        """-log s(f(x) - f(G(z))), s the sigmoid."""
        return tf.nn.softplus(fake_logits - real_logits)

    def generator(self, fake_logits, real_logits):
        """-log s(f(G(z)) - f(x))."""
        return tf.nn.softplus(real_logits - fake_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("relativistic_average")
class RelativisticAverage(Loss):
    """Relativistic average loss (Jolicoeur-Martineau, 2019): logits minus the others' mean.

    Reals are compared with the batch's mean fake logit, fakes with its mean real logit. The
    generator has the discriminator's loss with reals and fakes swapped, so making reals look
    less real lowers it too.

    Source: https://arxiv.org/abs/1807.00734, section 4.2 (RaSGAN). The generator's loss uses
    the reals' logits from before the discriminator's update, where the paper's algorithm
    recomputes them, at the cost of a third more work.

    Args:
        scale: of both losses, above 0, default 1, as in the paper; 0.5 in the authors' code.
    """

    probabilistic = False

    def __init__(self, scale: float = 1.0):
        if scale <= 0:
            raise UserError(f"relativistic_average({scale}): the scale must be above 0.")
        self.scale = scale

    def discriminator(self, real_logits, fake_logits):
        """-log s(f(x) - mean f(G(z))) - log(1 - s(f(G(z)) - mean f(x))), s the sigmoid."""
        real = real_logits - replicas.mean(tf.reduce_mean(fake_logits))
        fake = fake_logits - replicas.mean(tf.reduce_mean(real_logits))
        return self.scale * (tf.nn.softplus(-real) + tf.nn.softplus(fake))

    def generator(self, fake_logits, real_logits):
        """-log s(f(G(z)) - mean f(x)) - log(1 - s(f(x) - mean f(G(z))))."""
        return self.discriminator(fake_logits, real_logits)

    def encoder(self, real_logits, fake_logits):
        """0: the generator's loss already includes the reals."""
        del fake_logits
        return tf.zeros_like(real_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("none")
class NoLoss(Loss):
    """No adversarial loss: the content losses alone, for kinds that have them."""

    probabilistic = False
    adversarial = False

    def discriminator(self, real_logits, fake_logits):
        """0."""
        del fake_logits
        return tf.zeros_like(real_logits)

    def generator(self, fake_logits, real_logits):
        """0."""
        del real_logits
        return tf.zeros_like(fake_logits)
