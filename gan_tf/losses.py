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

from gan_tf.registries import LOSSES


class Loss:
    """The base of the losses: Keras saves one, with its constructor's arguments, in a model."""

    def get_config(self):
        return dict(vars(self))

    @classmethod
    def from_config(cls, config):
        return cls(**config)


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
