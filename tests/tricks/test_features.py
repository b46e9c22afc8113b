"""Feature matching and InfoGAN."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.batch import Batch
from gan_tf.gans.discriminator_output import DiscriminatorOutput
from gan_tf.gans.standard import GAN
from gan_tf.registry import TRICKS


def play(real, fake):
    judged = [DiscriminatorOutput(None, features=tf.constant(each)) for each in (real, fake)]
    return Batch(None, None).with_outputs(*judged)


class Anyone:
    def log(self, **values):
        self.logged = {name: float(value) for name, value in values.items()}


@pytest.mark.parametrize(
    "spec, expected", [("feature_matching", 2.5), ("feature_matching(2, adversarial=0.5)", 5.35)]
)
def test_feature_matching_compares_mean_features(spec, expected):
    # means (2, 1) and (0, 2): (4 + 1) / 2
    played = play([[1.0, 0.0], [3.0, 2.0]], [[0.0, 2.0], [0.0, 2.0]])
    gan = Anyone()
    loss = TRICKS.build(spec).generator_loss(gan, 0.7, played)
    assert float(loss) == pytest.approx(expected)
    assert gan.logged == {"feature_distance": pytest.approx(2.5)}


def test_feature_matching_teaches_the_generator_by_the_features_alone(make, images):
    gan = make("feature_matching", architecture="dcgan")
    logs = gan.train_on_batch(images, return_dict=True)
    assert logs["generator_loss"] == pytest.approx(logs["feature_distance"])
    assert logs["generator_gradient_norm"] > 0


def test_codes_are_a_class_and_uniform_numbers():
    codes = np.asarray(
        TRICKS.build("infogan(4, 2)").codes(
            np.random.default_rng(0).standard_normal((20_000, 14)).astype(np.float32)
        )
    )
    assert codes.shape == (20_000, 6)
    assert set(np.unique(codes[:, :4])) == {0, 1}
    np.testing.assert_array_equal(codes[:, :4].sum(axis=1), 1)
    np.testing.assert_allclose(codes[:, :4].mean(axis=0), 0.25, atol=0.02)
    quartiles = np.quantile(codes[:, 4:], [0, 0.25, 0.5, 0.75, 1], axis=0)
    np.testing.assert_allclose(quartiles, np.transpose([[-1, -0.5, 0, 0.5, 1]] * 2), atol=0.03)


def test_the_generator_is_given_the_codes_and_the_other_latents(make):
    gan, plain = make("infogan(4, 2)"), make()
    plain.generator.set_weights(gan.generator.get_weights())
    normal = np.random.default_rng(1).standard_normal((5, 14)).astype(np.float32)
    latents = np.concatenate([np.asarray(gan.tricks[0].codes(normal)), normal[:, 6:]], axis=1)
    np.testing.assert_allclose(gan(normal), plain(latents), atol=1e-6)


def test_the_loss_is_cross_entropy_and_gaussian_likelihood():
    trick = TRICKS.build("infogan(2, 1, weight=3.0)")
    normal = np.float32([[1, 0, 0.6744898], [0, 1, -0.6744898]])  # codes 10, 01; 0.5, -0.5
    read = np.float32([[2, 0, 0.5, 0], [0, 0, 0.5, np.log(2)]])

    class WithRecognition(Anyone):
        networks = {"recognition": lambda features, training: tf.constant(read)}

    judged = DiscriminatorOutput(None, features=tf.zeros((2, 1)))
    loss = trick.generator_loss(
        WithRecognition(), 1.0, Batch(None, None, None, tf.constant(normal), fake_output=judged)
    )
    # classes: (log(1 + e^-2) + log 2) / 2; numbers: ((0 + 0) + (1 / 2 + log 2)) / 2 / 2 / 10
    classes = (np.log1p(np.exp(-2)) + np.log(2)) / 2
    numbers = 0.1 * (0.5 + np.log(2)) / 4
    assert float(loss) == pytest.approx(1 + 3 * (classes + numbers), rel=1e-5)


@pytest.mark.slow
def test_codes_can_be_read_back_after_a_short_training():
    """A world of flat gray images: the generator has nothing to do but to show its codes."""
    keras.utils.set_random_seed(0)
    latents = keras.Input((4,))
    trick = TRICKS.build("infogan(4, 0)")
    images = keras.layers.Reshape((2, 2, 1))(
        keras.layers.Dense(4, activation="tanh")(trick.latents(latents, latents))
    )
    pixels = keras.Input((2, 2, 1))
    features = keras.layers.Dense(16, activation="relu")(keras.layers.Flatten()(pixels))
    features = keras.layers.Identity(name="features")(features)
    discriminator = keras.Model(pixels, keras.layers.Dense(1)(features))
    gan = GAN(keras.Model(latents, images), discriminator, tricks=[trick])
    gan.compile("adam(1e-2)", "adam(1e-2)")
    real = np.random.default_rng(0).uniform(-1, 1, (512, 2, 2, 1)).astype(np.float32)
    history = gan.fit(real, batch_size=64, epochs=12, verbose=0).history["code_loss"]
    assert history[-1] < 0.2 < history[0]  # log 4 = 1.39 where nothing is known


def test_what_needs_features_says_so(images):
    keras.utils.set_random_seed(0)
    pixels, latents = keras.Input((2, 2, 1)), keras.Input((3,))
    judge = keras.Model(pixels, keras.layers.Dense(1)(keras.layers.Flatten()(pixels)))
    draw = keras.Model(latents, keras.layers.Reshape((2, 2, 1))(keras.layers.Dense(4)(latents)))
    gan = GAN(draw, judge, tricks=["feature_matching"])
    gan.compile(run_eagerly=True)
    with pytest.raises(ValueError, match="has no features"):
        gan.train_on_batch(np.zeros((4, 2, 2, 1), np.float32))
    with pytest.raises(ValueError, match="features"):
        GAN(draw, judge, tricks=["infogan(2, 0)"])


def test_more_codes_than_latents_are_refused(make):
    with pytest.raises(UserError, match="--latent_dim=22"):
        make("infogan(20, 2)")
    with pytest.raises(UserError, match="at least one code"):
        TRICKS.build("infogan(0, 0)")
