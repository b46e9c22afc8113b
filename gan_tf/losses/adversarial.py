"""Adversarial losses: what each player minimises, as functions of the logits.

A loss is a `Loss` with two methods, both per example, without the mean:

    discriminator(real_logits, fake_logits) -> (batch, ...)
    generator(fake_logits, real_logits) -> (batch, ...)

Logits are the discriminator's raw outputs, float32, of any one shape; D(x) below is
their sigmoid. For the generator `real_logits` are constants: those of the
discriminator's own step on the same batch.
"""

import keras
import tensorflow as tf

from gan_tf.registry import LOSSES, Configurable
from gan_tf.runtime import replicas


class Loss(Configurable):
    """The base of the losses.

    Attributes:
        probabilistic: whether the sigmoid of a logit is the probability of being real, and
            0 the boundary between real and fake.
    """

    probabilistic = True

    def encoder(self, real_logits, fake_logits):
        """The loss of an encoder, which wants pairs of a real and its code taken for generated.

        That of the generator with the signs exchanged: -log(1 - D(x, E(x))) where the generator
        has -log D(G(z), z). Returns (batch, ...), like the others.
        """
        return self.generator(-real_logits, -fake_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("non_saturating")
class NonSaturating(Loss):
    """Non-saturating loss (Goodfellow et al., 2014): the generator maximises log D(G(z)).

    Discriminator: -log D(x) - log(1 - D(G(z))). Generator: -log D(G(z)), whose gradient
    stays large where the discriminator rejects the fakes.

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
    """Minimax loss (Goodfellow et al., 2014): the generator minimises log(1 - D(G(z))).

    The zero-sum game of the paper's equation 1. Its generator gradient vanishes where the
    discriminator rejects the fakes with confidence, which is how early training fails.

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

    It estimates a distance only where the critic is Lipschitz: give a penalty with it,
    weight_clip as in its paper or wgan_gp. The negative discriminator loss is the estimate.

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

    def discriminator(self, real_logits, fake_logits):
        """max(0, 1 - f(x)) + max(0, 1 + f(G(z)))."""
        return tf.nn.relu(1 - real_logits) + tf.nn.relu(1 + fake_logits)


@keras.saving.register_keras_serializable("gan_tf")
@LOSSES.register("least_squares")
class LeastSquares(Loss):
    """Least squares (Mao et al., 2017): squared distances of the logits from target values.

    With the default targets, 0 for fakes and 1 for reals, the generator wants 1, the paper's
    equation 9; its equation 8 is least_squares(real=1, fake=-1, generated=0), which minimises
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
@LOSSES.register("relativistic_average")
class RelativisticAverage(Loss):
    """Relativistic average loss (Jolicoeur-Martineau, 2019): logits minus the others' mean.

    Reals are compared with the mean fake of the batch, fakes with the mean real. The generator
    has the discriminator's loss with reals and fakes exchanged, so that it gains by reals
    that look less real, too.

    Source: https://arxiv.org/abs/1807.00734, section 4.2 (RaSGAN). The generator's loss takes
    the logits of the reals from before the discriminator's update, where the paper's
    algorithm judges them anew: that would be a third more work.
    """

    probabilistic = False

    def discriminator(self, real_logits, fake_logits):
        """-log s(f(x) - mean f(G(z))) - log(1 - s(f(G(z)) - mean f(x))), s the sigmoid."""
        real = real_logits - replicas.mean(tf.reduce_mean(fake_logits))
        fake = fake_logits - replicas.mean(tf.reduce_mean(real_logits))
        return tf.nn.softplus(-real) + tf.nn.softplus(fake)

    def generator(self, fake_logits, real_logits):
        """-log s(f(G(z)) - mean f(x)) - log(1 - s(f(x) - mean f(G(z))))."""
        return self.discriminator(fake_logits, real_logits)

    def encoder(self, real_logits, fake_logits):
        """0: the generator's loss has the reals in it."""
        del fake_logits
        return tf.zeros_like(real_logits)
