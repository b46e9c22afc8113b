"""The losses of a game, for any object that has its networks."""

import types

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.gans.batch import Batch
from gan_tf.gans.discriminator_output import DiscriminatorOutput
from gan_tf.gans.game import Game
from gan_tf.losses.adversarial import LeastSquares
from gan_tf.losses.penalties import Penalty
from gan_tf.tricks.trick import Trick


class Doubled(Trick):
    def images(self, gan, images):
        return 2 * images

    def generator_loss(self, gan, loss, batch):
        return loss + 100


class Mean(Penalty):
    """The mean logit of the reals, in every second step."""

    every = 2

    def __call__(self, critic, real, fake, seed):
        return tf.reduce_mean(critic(real))


def game(step=0, tricks=()):
    made = Game()
    made.__dict__ |= dict(
        tricks=tricks,
        adversarial_loss=LeastSquares(),
        penalties=[Mean()],
        random=None,
        step=tf.constant(step),
        _packing=1,
        _synchronized=False,
        _discriminate=lambda samples, condition: DiscriminatorOutput(samples),
    )
    return made


BATCH = Batch(tf.constant([[3.0], [1.0]]), tf.constant([[2.0], [0.0]]))


def test_losses_by_hand():
    real, fake = game().discriminate_batch(BATCH)
    # ((3 - 1)^2 + 2^2) / 2 = 4, and 0.
    assert float(game().discriminator_loss(BATCH, real, fake)) == pytest.approx(2)
    # ((2 - 1)^2 + (0 - 1)^2) / 2 / 2.
    assert float(game().generator_loss(BATCH, real)) == pytest.approx(0.5)


def test_tricks_change_what_is_seen_and_the_losses():
    tricked = game(tricks=[Doubled()])
    real, fake = tricked.discriminate_batch(BATCH)
    np.testing.assert_array_equal(real.logits, [[6], [2]])
    np.testing.assert_array_equal(fake.logits, [[4], [0]])
    assert float(tricked.generator_loss(BATCH, real)) == pytest.approx(100 + (9 + 1) / 4)


def test_a_penalty_is_due_in_some_steps():
    assert [float(game(step).penalty(BATCH)) for step in range(3)] == [4, 0, 4]


def test_reals_and_fakes_can_be_one_batch():
    one = types.SimpleNamespace(mixes_batches=True, images=lambda gan, images: images)
    real, fake = game(tricks=[one]).discriminate_batch(BATCH)
    np.testing.assert_array_equal(real.logits, BATCH.real)
    np.testing.assert_array_equal(fake.logits, BATCH.fake)
