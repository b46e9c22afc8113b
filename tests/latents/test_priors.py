"""Priors: the distributions that they claim, from normal latents."""

import math

import keras
import numpy as np
import pytest
import scipy.special
import scipy.stats
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.build import network_spec
from gan_tf.networks import build
from gan_tf.options.config import Config
from gan_tf.registry import PRIORS

NORMAL = np.random.default_rng(0).standard_normal((4_000, 5)).astype(np.float32)


@pytest.mark.parametrize(
    "spec, expected",
    [
        ("normal", scipy.stats.norm()),
        ("uniform", scipy.stats.uniform(-1, 2)),
        ("uniform(0, 3)", scipy.stats.uniform(0, 3)),
        ("lognormal", scipy.stats.lognorm(1)),
        ("lognormal(0.5)", scipy.stats.lognorm(0.5)),
        ("truncated_normal", scipy.stats.truncnorm(-2, 2)),
        ("truncated_normal(0.7)", scipy.stats.truncnorm(-0.7, 0.7)),
    ],
)
def test_has_the_distribution_of_its_name(spec, expected):
    latents = np.asarray(PRIORS.build(spec)(NORMAL)).ravel()
    # Each value has the quantile of the normal value that it is made of.
    np.testing.assert_allclose(
        expected.cdf(latents), scipy.stats.norm.cdf(NORMAL.ravel()), atol=2e-5
    )


@pytest.mark.parametrize("limit", [2, 5.5, 8])
def test_far_out_a_truncated_normal_value_is_at_most_the_limit(limit):
    normal = np.float32([[-9, -6, -5.4, 0, 5.4, 6, 9]])
    latents = np.asarray(PRIORS.build(f"truncated_normal({limit})")(normal))
    assert np.abs(latents).max() <= limit
    assert latents[0, 3] == 0


def test_spherical_latents_have_the_length_of_the_normal_ones_direction():
    latents = np.asarray(PRIORS.build("spherical")(NORMAL))
    np.testing.assert_allclose(np.linalg.norm(latents, axis=1), math.sqrt(5), rtol=1e-5)
    np.testing.assert_allclose(latents / NORMAL, (latents / NORMAL)[:, :1].repeat(5, 1), rtol=1e-4)


@pytest.mark.parametrize("name", PRIORS.names())
def test_the_generator_begins_with_it_and_is_saved_with_it(name, tmp_path):
    keras.utils.set_random_seed(0)
    config = Config(arch="mlp", width=4, latent_dim=5, prior=name)
    generator = build.generator(network_spec(config, (8, 8, 1)))
    keras.utils.set_random_seed(0)
    plain = build.generator(network_spec(Config(arch="mlp", width=4, latent_dim=5), (8, 8, 1)))
    expected = plain.predict(np.asarray(PRIORS.build(name)(NORMAL[:6])), verbose=0)
    np.testing.assert_allclose(generator.predict(NORMAL[:6], verbose=0), expected, atol=1e-5)
    generator.save(tmp_path / "generator.keras")
    loaded = keras.models.load_model(tmp_path / "generator.keras")
    np.testing.assert_allclose(loaded.predict(NORMAL[:6], verbose=0), expected, atol=1e-5)


@pytest.mark.parametrize(
    "spec", ["uniform(1.0, 1.0)", "lognormal(0.0)", "truncated_normal(-1.0)", "gaussian"]
)
def test_senseless_priors_are_refused(spec):
    with pytest.raises(UserError, match=r"must be|Unknown prior"):
        PRIORS.build(spec)


@pytest.mark.parametrize("spec, low, high", [("uniform", -1, 1), ("uniform(0, 3)", 0, 3)])
def test_encoded_logits_become_uniform_by_the_logistic_function(spec, low, high):
    logits = np.array([[-30, -9, -2.5, -0.1, 0, 1, 4, 12, 200]], np.float32)
    prior = PRIORS.build(spec)
    normal = np.asarray(prior.encoded(logits))
    assert np.all(np.isfinite(normal)) and np.all(np.diff(normal) >= 0)
    expected = low + (high - low) * scipy.special.expit(logits)
    np.testing.assert_allclose(prior(normal), expected, atol=2e-6)


def test_an_encoder_of_a_uniform_prior_keeps_its_gradient_far_out():
    """At logits of 8 the normal distribution function's is 5e-15; the logistic's 3e-4."""
    prior, logits = PRIORS.build("uniform"), tf.constant([[8.0, -8.0]])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        uniform = prior(prior.encoded(logits))
    slope = 2 * math.exp(-8) / (1 + math.exp(-8)) ** 2
    np.testing.assert_allclose(tape.gradient(uniform, logits), [[slope, slope]], rtol=2e-2)


def test_an_encoder_gives_normal_latents_of_its_prior():
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)).astype(np.float32)
    found = {}
    for prior in ("normal", "uniform"):
        keras.utils.set_random_seed(0)
        config = Config(arch="mlp", width=4, latent_dim=5, prior=prior)
        found[prior] = np.asarray(build.encoder(network_spec(config, (8, 8, 1)))(images))
    expected = PRIORS.build("uniform").encoded(found["normal"])
    np.testing.assert_allclose(found["uniform"], expected, atol=1e-6)
