"""Training tricks."""

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.gans.standard import GAN
from gan_tf.networks.dcgan import DCGAN
from gan_tf.registry import TRICKS

SHAPE = (28, 28, 1)


def make(*tricks):
    keras.utils.set_random_seed(0)
    architecture = DCGAN(width=4)
    gan = GAN(architecture.generator(SHAPE, 5), architecture.discriminator(SHAPE), tricks=tricks)
    gan.compile()
    return gan


def images(count=16):
    return np.random.default_rng(0).uniform(-1, 1, (count, *SHAPE)).astype(np.float32)


def test_ema_averages_weights_and_statistics():
    gan = make("ema(0.3)")
    expected = gan.generator.get_weights()
    for step in range(1, 4):
        gan.train_on_batch(images())
        decay = min(0.3, (1 + step) / (10 + step))
        weights = gan.generator.get_weights()
        expected = [decay * a + (1 - decay) * w for a, w in zip(expected, weights)]
    average = gan.networks["ema_generator"]
    assert any("moving_mean" in each.path for each in average.weights)
    for mine, theirs in zip(average.get_weights(), expected):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.slow
def test_samples_are_drawn_from_the_average_and_training_is_not_changed():
    plain, averaged = make(), make("ema(0.9)")
    for _ in range(3):
        plain.train_on_batch(images())
        averaged.train_on_batch(images())
    for mine, theirs in zip(averaged.generator.get_weights(), plain.generator.get_weights()):
        np.testing.assert_array_equal(mine, theirs)
    latents = keras.random.normal((4, 5), seed=0)
    np.testing.assert_array_equal(averaged(latents), averaged.networks["ema_generator"](latents))
    assert np.any(averaged(latents) != plain(latents))


@pytest.mark.slow
def test_ema_is_saved_with_the_model(tmp_path):
    gan = make("ema(0.9)")
    gan.train_on_batch(images())
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.tricks[0].decay == 0.9
    for each in (gan, loaded):
        each.train_on_batch(images())
    latents = keras.random.normal((4, 5), seed=0)
    np.testing.assert_allclose(loaded(latents), gan(latents), atol=1e-5)


def test_senseless_strengths_are_refused():
    with pytest.raises(UserError, match="below 1"):
        TRICKS.build("ema(1.0)")


def test_a_half_life_counts_images_and_a_ramp_shortens_it():
    trick = TRICKS.build("ema(half_life=100.0, ramp=0.5)")
    trick.schedule(1000, 20)
    decays = [float(trick._decay(np.float32(step))) for step in (1, 2, 6, 11, 500)]
    # after 0, 20, 100, 200 and many images: half-lives of 0, 10, 50, 100 and 100
    expected = [0, 0.5 ** (20 / 10), 0.5 ** (20 / 50), 0.5 ** (20 / 100), 0.5 ** (20 / 100)]
    np.testing.assert_allclose(decays, expected, rtol=1e-5)
    plain = TRICKS.build("ema(half_life=100.0, batch_size=50)")
    plain.schedule(1000, 20)
    assert float(plain._decay(np.float32(1))) == pytest.approx(0.5**0.5)


def test_a_half_life_needs_the_size_of_a_batch():
    with pytest.raises(ValueError, match="needs batch_size"):
        make("ema(half_life=100.0)")
    with pytest.raises(UserError, match="needs a half-life"):
        TRICKS.build("ema(ramp=0.05)")
