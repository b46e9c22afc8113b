"""Smoothed and flipped labels, and mixed batches."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.batch import Batch
from gan_tf.gans.discriminator_output import DiscriminatorOutput
from gan_tf.losses.adversarial import NonSaturating
from gan_tf.registry import TRICKS


class Anyone:
    """As much of a GAN as these tricks need."""

    def __init__(self):
        self.random = keras.random.SeedGenerator(0)


def play(real_logits):
    judged = DiscriminatorOutput(tf.constant(real_logits))
    return Batch(None, None, None, None, real_output=judged, fake_output=judged)


def test_smoothing_is_the_cross_entropy_with_the_smoothed_target():
    real, fake = tf.constant([[1.5], [-0.5]]), tf.constant([[0.3], [2.0]])
    loss = tf.reduce_mean(NonSaturating().discriminator(real, fake))
    trick = TRICKS.build("label_smoothing(0.9, 0.9)")
    smoothed = trick.discriminator_loss(Anyone(), loss, play(real))
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    expected = entropy(tf.fill((2, 1), 0.9), real) + entropy(tf.zeros((2, 1)), fake)
    assert float(smoothed) == pytest.approx(float(expected), rel=1e-5)


def test_smoothed_targets_are_uniform_in_the_range():
    # With logits of -1 the added term is the mean target less 1.
    logits = tf.fill((50_000, 1), -1.0)
    added = TRICKS.build("label_smoothing").discriminator_loss(Anyone(), 0.0, play(logits))
    assert float(added) == pytest.approx(0.95 - 1, abs=2e-3)


def test_flipping_exchanges_that_share_of_pairs_and_no_other():
    real, fake = tf.range(40_000.0), -tf.range(40_000.0)
    told_real, told_fake = TRICKS.build("label_flipping(0.2)").logits(Anyone(), real, fake)
    flipped = told_real.numpy() < 0
    assert flipped.mean() == pytest.approx(0.2, abs=0.01)
    np.testing.assert_array_equal(told_real, np.where(flipped, fake, real))
    np.testing.assert_array_equal(told_fake, np.where(flipped, real, fake))


@pytest.mark.slow
def test_mixed_batches_share_the_statistics_of_batch_normalization(make, images):
    means = []
    for tricks in ((), ("mixed_batches",)):
        gan = make(*tricks, architecture="dcgan", compile={"discriminator_optimizer": "sgd(0.0)"})
        norm = next(each for each in gan.discriminator.layers if hasattr(each, "moving_mean"))
        gan.train_on_batch(images)
        means.append(norm.moving_mean.numpy())
    # Apart: reals, fakes, and fakes again for the generator; mixed: both at once, and fakes.
    assert np.abs(means[0] - means[1]).max() > 1e-4


def test_mixed_batches_change_nothing_without_batch_normalization(make, images):
    eagerly = {"run_eagerly": True}  # the test above compiles them
    logs = [
        make(*tricks, compile=eagerly).train_on_batch(images) for tricks in ((), ("mixed_batches",))
    ]
    np.testing.assert_allclose(logs[0], logs[1], rtol=1e-4)


@pytest.mark.parametrize("spec", ["label_smoothing(1.0, 0.5)", "label_flipping(0.5)"])
def test_senseless_strengths_are_refused(spec):
    with pytest.raises(UserError, match=r"lower bound first|below 0\.5"):
        TRICKS.build(spec)
