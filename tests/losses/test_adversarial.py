"""Adversarial losses against numbers worked out by hand."""

import math

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import LOSSES

REAL = tf.constant([[0.0], [math.log(3)]])  # D(x) = 1/2, 3/4
FAKE = tf.constant([[math.log(1 / 3)], [0.0]])  # D(G(z)) = 1/4, 1/2
GAMES = [name for name in LOSSES.names() if LOSSES.entry(name).attributes["adversarial"]]


@pytest.mark.parametrize("name", ["non_saturating", "minimax"])
def test_discriminator_minimizes_the_binary_cross_entropy(name):
    losses = LOSSES.build(name).discriminator(REAL, FAKE)
    # -log(1/2) - log(3/4) and -log(3/4) - log(1/2)
    np.testing.assert_allclose(losses, [[0.980829], [0.980829]], atol=1e-6)


@pytest.mark.parametrize(
    "name, expected",
    [
        ("non_saturating", [[1.386294], [0.693147]]),  # -log(1/4), -log(1/2)
        ("minimax", [[-0.287682], [-0.693147]]),  # log(3/4), log(1/2)
        ("wasserstein", [[1.098612], [0.0]]),  # log 3, 0
        ("hinge", [[1.098612], [0.0]]),
        ("least_squares", [[2.202086], [0.5]]),  # (-log 3 - 1)^2 / 2, (0 - 1)^2 / 2
        ("least_squares(generated=0.0)", [[0.603474], [0.0]]),  # (log 3)^2 / 2, 0
        # with means 0.549306 of the reals and -0.549306 of the fakes:
        # log(1 + exp(1.647918)) + log(1 + exp(0.549306)) for both pairs
        ("relativistic_average", [[2.828981], [2.828981]]),
        ("relativistic", [[1.386294], [1.386294]]),  # log(1 + 3): reals are log 3 above fakes
    ],
)
def test_generator_loss(name, expected):
    losses = LOSSES.build(name).generator(FAKE, REAL)
    np.testing.assert_allclose(losses, expected, atol=1e-6)


@pytest.mark.parametrize(
    "name, expected",
    [
        ("non_saturating", [[0.693147], [1.386294]]),  # -log(1 - 1/2), -log(1 - 3/4)
        ("minimax", [[-0.693147], [-0.287682]]),  # log(1/2), log(3/4)
        ("wasserstein", [[0.0], [1.098612]]),  # 0, log 3
        ("hinge", [[0.0], [1.098612]]),
        ("least_squares", [[0.0], [0.603474]]),  # 0, (log 3)^2 / 2
        ("least_squares(fake=-1.0)", [[0.5], [2.202086]]),  # (0 + 1)^2 / 2, (log 3 + 1)^2 / 2
        ("relativistic", [[1.386294], [1.386294]]),
        ("relativistic_average", [[0.0], [0.0]]),  # the generator's loss has the reals in it
    ],
)
def test_encoder_loss(name, expected):
    losses = LOSSES.build(name).encoder(REAL, FAKE)
    np.testing.assert_allclose(losses, expected, atol=1e-6)


def test_every_loss_wants_codes_of_reals_taken_for_latents():
    for name in GAMES:
        real, fake = tf.constant([0.1, 0.9]), tf.constant([0.2, 0.8])
        loss = LOSSES.build(name)
        with tf.GradientTape() as tape:
            tape.watch(real)
            total = tf.reduce_sum(loss.encoder(real, fake)) + tf.reduce_sum(
                loss.generator(fake, real)
            )
        assert np.all(tape.gradient(total, real) > 0), name  # reals down


def test_discriminator_losses_of_critics():
    real, fake = tf.constant([0.5, 2.0, -1.0]), tf.constant([0.25, -3.0, 1.0])
    wasserstein = LOSSES.build("wasserstein").discriminator(real, fake)
    np.testing.assert_allclose(wasserstein, [-0.25, -5, 2])
    # max(0, 1 - r) + max(0, 1 + f): 0.5 + 1.25, 0 + 0, 2 + 2
    np.testing.assert_allclose(LOSSES.build("hinge").discriminator(real, fake), [1.75, 0, 4])


def test_least_squares_has_the_targets_of_its_arguments():
    real, fake = tf.constant([0.5, 2.0]), tf.constant([0.25, -3.0])
    by_default = LOSSES.build("least_squares").discriminator(real, fake)
    # ((r - 1)^2 + f^2) / 2: (0.25 + 0.0625) / 2, (1 + 9) / 2
    np.testing.assert_allclose(by_default, [0.15625, 5])
    pearson = LOSSES.build("least_squares(real=1, fake=-1, generated=0)")
    # ((r - 1)^2 + (f + 1)^2) / 2: (0.25 + 1.5625) / 2, (1 + 4) / 2
    np.testing.assert_allclose(pearson.discriminator(real, fake), [0.90625, 2.5])
    np.testing.assert_allclose(pearson.generator(fake, None), [0.03125, 4.5])


def test_relativistic_average_compares_with_the_mean_of_the_others():
    real, fake = tf.constant([1.0, 3.0]), tf.constant([0.0, -2.0])  # means 2 and -1
    loss = LOSSES.build("relativistic_average")
    # log(1 + e^-(r + 1)) + log(1 + e^(f - 2))
    expected = [0.126928 + 0.126928, 0.018150 + 0.018150]
    np.testing.assert_allclose(loss.discriminator(real, fake), expected, atol=1e-5)
    # log(1 + e^-(f - 2)) + log(1 + e^(r + 1))
    expected = [2.126928 + 2.126928, 4.018150 + 4.018150]
    np.testing.assert_allclose(loss.generator(fake, real), expected, atol=1e-5)
    halved = LOSSES.build("relativistic_average(0.5)")
    np.testing.assert_allclose(halved.generator(fake, real), np.multiply(expected, 0.5), atol=1e-5)
    with pytest.raises(UserError, match="scale must be above 0"):
        LOSSES.build("relativistic_average(0)")


def test_relativistic_compares_pairs():
    real, fake = tf.constant([1.0, 3.0]), tf.constant([0.0, -2.0])
    losses = LOSSES.build("relativistic").discriminator(real, fake)
    np.testing.assert_allclose(losses, [0.313262, 0.006715], atol=1e-6)  # log(1 + e^-1), e^-5


def test_only_losses_of_probabilities_say_that_they_are():
    probabilistic = {name for name in LOSSES.names() if LOSSES.build(name).probabilistic}
    assert probabilistic == {"minimax", "non_saturating"}


def test_without_a_game_there_is_no_loss():
    assert set(LOSSES.names()) - set(GAMES) == {"none"}
    loss = LOSSES.build("none")
    np.testing.assert_array_equal(loss.discriminator(REAL, FAKE), np.zeros((2, 1)))
    np.testing.assert_array_equal(loss.generator(FAKE, REAL), np.zeros((2, 1)))


@pytest.mark.parametrize("name", GAMES)
def test_gradients_have_the_signs_of_the_paper(name):
    loss = LOSSES.build(name)
    real, fake = tf.constant([0.1, 0.9]), tf.constant([0.2, 0.8])  # within margins and targets
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([real, fake])
        discriminator = loss.discriminator(real, fake)
        generator = loss.generator(fake, real)
    assert np.all(tape.gradient(discriminator, real) < 0)  # reals up
    assert np.all(tape.gradient(discriminator, fake) > 0)  # fakes down
    assert np.all(tape.gradient(generator, fake) < 0)  # fakes up


def test_only_minimax_saturates_where_the_discriminator_is_sure():
    gradients = {}
    for name in ("minimax", "non_saturating"):
        with tf.GradientTape() as tape:
            sure = tf.constant([-20.0])
            tape.watch(sure)
            loss = LOSSES.build(name).generator(sure, None)
        gradients[name] = float(tape.gradient(loss, sure)[0])
    assert gradients["non_saturating"] == pytest.approx(-1, abs=1e-6)
    assert gradients["minimax"] == pytest.approx(-math.exp(-20), rel=1e-3)


@pytest.mark.parametrize("name", LOSSES.names())
def test_stays_finite_for_extreme_logits(name):
    loss, extreme = LOSSES.build(name), tf.constant([-1e4, 1e4])
    assert np.all(np.isfinite(loss.discriminator(extreme, -extreme)))
    assert np.all(np.isfinite(loss.generator(extreme, extreme)))
