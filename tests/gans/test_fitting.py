"""`fit` with callbacks of Keras, incomplete batches and validation; `evaluate`."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.errors import UserError
from gan_tf.gans.base import BaseGAN
from gan_tf.gans.bigan import BiGAN
from gan_tf.gans.build import network_spec
from gan_tf.gans.standard import GAN
from gan_tf.networks.layers import Packing
from gan_tf.networks.mlp import MLP
from gan_tf.options.config import Config
from gan_tf.registry import TRICKS

LATENT, SHAPE = 5, (8, 8, 1)


def make(judged=None, tricks=(), **arguments):
    keras.utils.set_random_seed(0)
    mlp = MLP(width=4)
    gan = GAN(
        mlp.generator(SHAPE, LATENT), judged or mlp.discriminator(SHAPE), seed=7, tricks=tricks
    )
    gan.compile(**arguments)
    return gan


def bigan(**arguments):
    keras.utils.set_random_seed(0)
    gan = BiGAN.from_spec(network_spec(Config(arch="mlp", width=4, latent_dim=LATENT), SHAPE), 7)
    gan.compile(**arguments)
    return gan


def images(count=24, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (count, *SHAPE)).astype(np.float32)


def rates(gan):
    return {name: float(each.optimizer.learning_rate) for name, each in gan.optimizers.items()}


def test_a_scheduler_changes_all_rates_and_the_history_shows_them():
    gan = make(generator_optimizer="adam(1e-3)", discriminator_optimizer="sgd(0.5)")
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate)
    history = gan.fit(images(), batch_size=8, epochs=3, callbacks=[halve], verbose=0).history
    assert history["learning_rate_generator"] == pytest.approx([1e-3, 5e-4, 2.5e-4])
    assert history["learning_rate_discriminator"] == pytest.approx([0.5, 0.25, 0.125])
    assert rates(gan) == pytest.approx({"generator": 2.5e-4, "discriminator": 0.125})


def test_a_rate_of_zero_from_a_scheduler_trains_nothing():
    gan = make(generator_optimizer="sgd(0.1)", discriminator_optimizer="sgd(0.1)")
    before = gan.get_weights()
    stop = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0)
    gan.fit(images(), batch_size=8, callbacks=[stop], verbose=0)
    trained = [each.path for each in gan.trainable_variables]
    for variable, was in zip(gan.weights, before):
        if variable.path in trained:
            np.testing.assert_array_equal(variable, was)


def test_a_plateau_reduces_all_rates():
    gan = make(generator_optimizer="adam(1e-3)", discriminator_optimizer="sgd(0.5)")
    plateau = keras.callbacks.ReduceLROnPlateau(
        monitor="generator_loss", mode="min", min_delta=1e9, patience=1, factor=0.1
    )
    gan.fit(images(), batch_size=8, epochs=2, callbacks=[plateau], verbose=0)
    assert rates(gan) == pytest.approx({"generator": 1e-4, "discriminator": 0.05})


def test_keras_terminates_on_a_loss_that_is_not_a_number(capsys):
    for damaged, epochs in ((np.nan, 1), (0.0, 3)):
        gan, real = make(), images()
        real[0, 0, 0] = damaged
        history = gan.fit(
            real,
            batch_size=24,
            epochs=3,
            verbose=0,
            check_input=False,
            callbacks=[keras.callbacks.TerminateOnNaN()],
        )
        assert len(history.epoch) == epochs
    assert "Batch 0: Invalid loss, terminating training" in capsys.readouterr().out


def test_a_scheduler_beside_lr_decay_is_one_sentence():
    gan = make(tricks=[TRICKS.build("lr_decay", {"total_steps": 9})])
    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)
    with pytest.raises(UserError, match=r"the trick lr_decay.*leave one of them out"):
        gan.fit(images(), callbacks=[halve], verbose=0)


def test_the_summary_counts_the_optimizers_that_train(capsys):
    make(generator_optimizer="sgd", discriminator_optimizer="sgd").summary()
    assert "Optimizer params: 4 " in capsys.readouterr().out  # two counters, two rates


def test_no_optimizer_is_kept_that_nobody_uses():
    gan = make()
    used = [each for group in gan.optimizers.values() for each in group.optimizer.variables]
    assert [id(each) for each in gan.optimizer.variables] == [id(each) for each in used]
    kept = [each for each in vars(gan).values() if isinstance(each, keras.optimizers.Optimizer)]
    assert len(kept) == 2


PACKED = [Packing(2), layers.Flatten(), layers.Dense(1)]


@pytest.mark.slow
@pytest.mark.parametrize("count", [20, 17])
@pytest.mark.parametrize("packing", [False, True])
def test_an_incomplete_last_batch_is_trimmed(count, packing):
    """Batches of 8, divided by 4: the last has 4 or 1."""
    judged = keras.Sequential([keras.Input(SHAPE), *PACKED]) if packing else None
    gan = make(judged, discriminator_steps=2 if packing else 4)
    history = gan.fit(images(count), batch_size=8, verbose=0).history
    assert int(gan.step) == 3
    assert all(np.isfinite(each).all() for each in history.values())


@pytest.mark.slow
def test_it_trains_as_the_rows_that_can_be_divided():
    """The last of 22 in batches of 16 has 6 rows, of which 4 are used."""
    gans = [make(discriminator_steps=4) for _ in range(2)]
    for gan, kept in zip(gans, (22, 20)):
        gan.fit(images(22)[:kept], batch_size=16, shuffle=False, verbose=0)
    for mine, theirs in zip(gans[0].get_weights(), gans[1].get_weights()):
        np.testing.assert_array_equal(mine, theirs)


def by_hand(gan, real):
    """Losses and probabilities of the networks as they are, for the latents of an evaluation."""
    drawn = keras.random.normal((len(real), LATENT), seed=keras.random.SeedGenerator(8))
    fake = gan.generator(drawn, training=False)
    real = tf.constant(real)
    paired = isinstance(gan, BiGAN)
    pairs = ([real, gan.encode(real)], [fake, drawn]) if paired else (real, fake)
    on_real, on_fake = (np.asarray(gan.discriminator(each, training=False)) for each in pairs)
    p_real, p_fake = (1 / (1 + np.exp(-each)) for each in (on_real, on_fake))
    inverse = -np.log(p_fake) - (np.log(1 - p_real) if isinstance(gan, BiGAN) else 0)
    return {
        "generator_loss": inverse.mean(),
        "discriminator_loss": (-np.log(p_real) - np.log(1 - p_fake)).mean(),
        "real_probability": p_real.mean(),
        "fake_probability": p_fake.mean(),
        "real_accuracy": (on_real > 0).mean(),
        "fake_accuracy": (on_fake < 0).mean(),
    }


@pytest.mark.parametrize("make", [make, pytest.param(bigan, marks=pytest.mark.slow)])
def test_evaluation_gives_the_losses_and_probabilities_of_both_networks(make):
    gan = make()
    gan.fit(images(), batch_size=8, verbose=0)
    states = [np.array(each) for each in gan.variables]
    found = gan.evaluate(images(10, seed=1), verbose=0, return_dict=True)
    assert found == pytest.approx(by_hand(gan, images(10, seed=1)), rel=1e-4)
    assert gan.test_on_batch(images(10, seed=1), return_dict=True) == pytest.approx(found, rel=1e-5)
    names = [each.name for each in gan.metrics if each.name in found]
    listed = gan.evaluate(images(10, seed=1), batch_size=10, verbose=0)
    assert listed == pytest.approx([found[name] for name in names], rel=1e-5)
    kept = {id(each) for each in gan.metrics_variables}
    for variable, was in zip(gan.variables, states):
        if id(variable) not in kept:
            np.testing.assert_array_equal(variable, was)


def test_an_incomplete_batch_of_an_evaluation_counts_by_its_size():
    gan = make()
    weights = 3 * images(1)
    gan.discriminator.set_weights(
        [np.full_like(each, weights.mean() + 0.1) for each in gan.discriminator.get_weights()]
    )
    real = images(10)
    found = gan.evaluate(real, batch_size=8, verbose=0, return_dict=True)["real_probability"]
    logits = np.asarray(gan.discriminator(real, training=False))
    assert found == pytest.approx((1 / (1 + np.exp(-logits))).mean(), rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("make", [make, bigan])
def test_validation_does_not_change_the_training(make):
    with_it, without = make(), make()
    options = dict(batch_size=8, epochs=2, shuffle=False, verbose=0)
    history = with_it.fit(images(), validation_data=(images(5, 1),), **options).history
    plain = without.fit(images(), **options).history
    assert {name: history[name] for name in plain} == plain
    last = with_it.evaluate(images(5, 1), verbose=0, return_dict=True)
    assert {f"val_{name}": each for name, each in last.items()} == pytest.approx(
        {name: each[-1] for name, each in history.items() if name.startswith("val_")}, rel=1e-5
    )


def test_a_loss_without_probabilities_is_evaluated_by_its_logits():
    gan = make(loss="wasserstein")
    found = gan.evaluate(images(8), verbose=0, return_dict=True)
    assert found.keys() == {"generator_loss", "discriminator_loss", "real_logit", "fake_logit"}
    assert found["discriminator_loss"] == pytest.approx(found["fake_logit"] - found["real_logit"])


def test_a_packed_discriminator_is_evaluated_on_packs():
    gan = make(keras.Sequential([keras.Input(SHAPE), *PACKED]))
    found = gan.evaluate(images(7), verbose=0, return_dict=True)
    logits = np.asarray(gan.discriminator(images(7)[:6], training=False))
    assert found["real_probability"] == pytest.approx((1 / (1 + np.exp(-logits))).mean(), rel=1e-5)


class Untested(BaseGAN):
    network_names = ("generator", "discriminator")


def test_a_kind_without_evaluation_says_so():
    mlp = MLP(width=4)
    own = {"generator": mlp.generator(SHAPE, LATENT), "discriminator": mlp.discriminator(SHAPE)}
    gan = Untested(own, {name: [name] for name in own})
    gan.compile()
    for call in (
        lambda: gan.evaluate(images()),
        lambda: gan.fit(images(), validation_split=0.5),
        lambda: gan.test_on_batch(images()),
    ):
        with pytest.raises(UserError, match="Untested has no evaluation"):
            call()


@pytest.mark.parametrize("name", ["sample_weight", "class_weight"])
def test_weights_of_samples_are_refused(name):
    with pytest.raises(UserError, match=f"does not take {name}"):
        make().fit(images(), verbose=0, **{name: np.ones(24)})


def test_data_sets_of_other_structures_are_left_to_keras():
    gan = make()
    batches = tf.data.Dataset.from_tensor_slices(images()).batch(8)
    gan.fit(batches, epochs=2, verbose=0)
    assert int(gan.step) == 6
