"""Tricks that change the discriminator's labels, real or fake."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("label_smoothing")
class LabelSmoothing(Trick):
    """One-sided label smoothing: the discriminator's target for a real is random, not 1.

    Each real's target is drawn from U(low, high); fakes keep 0, since smoothing those would
    reinforce the generator's current mistakes.

    Source: Salimans et al., "Improved Techniques for Training GANs", 2016
    (https://arxiv.org/abs/1606.03498), section 3.4, with a target of 0.9, label_smoothing(0.9,
    0.9); the random range is from Chintala et al., "How to train a GAN", 2016, hack 6.

    Args:
        low: default 0.7.
        high: not below `low`, default 1.2.
    """

    hooks = ("discriminator_loss",)
    needs_probabilities = True

    def __init__(self, low: float = 0.7, high: float = 1.2):
        if high < low:
            raise UserError(f"label_smoothing({low}, {high}) is empty: give the lower bound first.")
        self.low = low
        self.high = high

    def discriminator_loss(self, gan, loss, batch):
        logits = batch.real_output.logits
        targets = keras.random.uniform(tf.shape(logits), self.low, self.high, seed=gan.random)
        # Cross-entropy with target t is softplus(-logit) + (1 - t) logit.
        return loss + tf.reduce_mean((1 - targets) * logits)


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("label_flipping")
class LabelFlipping(Trick):
    """Label flipping: swaps the labels of some pairs of a real and a fake.

    Source: Chintala et al., "How to train a GAN", 2016, hack 6 (noisy labels).

    Args:
        probability: of swapping the labels of a pair, from 0 to below 0.5, default 0.05.
    """

    hooks = ("logits",)

    def __init__(self, probability: float = 0.05):
        if not 0 <= probability < 0.5:
            raise UserError(
                f"label_flipping({probability}): the probability must be 0 or more, below 0.5."
            )
        self.probability = probability

    def logits(self, gan, real, fake):
        flipped = keras.random.uniform(tf.shape(real), seed=gan.random) < self.probability
        return tf.where(flipped, fake, real), tf.where(flipped, real, fake)


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("mixed_batches")
class MixedBatches(Trick):
    """Feeds the discriminator reals and fakes in one batch, as the first GANs, for comparison.

    Batch normalization in the discriminator then mixes their statistics. The generator is still
    trained on a batch of fakes only, as in widely copied code, so the discriminator's statistics there
    differ from those it was trained with.

    Source: Chintala et al., "How to train a GAN", 2016, whose hack 4 is to have them separate.
    """

    hooks = ("mixed_batches",)
    mixes_batches = True
