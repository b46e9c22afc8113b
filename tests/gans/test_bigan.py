"""BiGAN: its training step against one written out by hand, its encoder, saving and resuming."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans import build
from gan_tf.gans.bigan import BiGAN
from gan_tf.gans.build import Parts, network_spec
from gan_tf.modalities.image import Image
from gan_tf.options.config import Config
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.training_state import read_gan
from gan_tf.training import loop
from tests.conftest import examples, tiny

LATENT = 6
SIZES = {"mlp": 8, "bigan_mlp": 8, "dcgan": 28}
SGD = {"generator_optimizer": "sgd(0.05)", "discriminator_optimizer": "sgd(0.02)"}


def make(arch="mlp", posterior="deterministic", compile=None, **options):
    keras.utils.set_random_seed(3)
    config = Config(arch=arch, width=4, latent_dim=LATENT, **options)
    shape = (SIZES[arch], SIZES[arch], 1)
    gan = BiGAN.from_spec(network_spec(config, shape, total_steps=4), posterior=posterior)
    gan.compile(**compile or SGD)
    return gan


def images(count, arch="mlp", seed=0):
    shape = (count, SIZES[arch], SIZES[arch], 1)
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


def weights(gan):
    return [each for network in gan.networks.values() for each in network.get_weights()]


class ByHand:
    """The algorithm on the networks of a GAN, with plain SGD of the rates of `SGD`."""

    def __init__(self, gan):
        self.gan = gan
        self.random = keras.random.SeedGenerator(0)

    def judged(self, real):
        """The discriminator's logits on (x, E(x)) and on (G(z), z)."""
        gan = self.gan
        real = tf.constant(real)
        z = keras.random.normal((len(real), LATENT), seed=self.random)
        fake = gan.generator(z, training=True)
        codes = gan.encoder(real, training=True)
        if codes.shape[1] == 2 * LATENT:
            mean, log_variance = codes[:, :LATENT], codes[:, LATENT:]
            noise = keras.random.normal((len(real), LATENT), seed=self.random)
            codes = mean + tf.sqrt(tf.exp(log_variance)) * noise
        on_real = gan.discriminator([real, codes], training=True)
        return on_real, gan.discriminator([fake, z], training=True)

    def discriminator_step(self, real):
        variables = self.gan.discriminator.trainable_variables
        with tf.GradientTape() as tape:
            on_real, on_fake = self.judged(real)
            loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(on_real)))
            loss -= tf.reduce_mean(tf.math.log(1 - tf.sigmoid(on_fake)))
        _descend(variables, tape.gradient(loss, variables), 0.02)

    def step(self, real):
        """All three networks at once; returns what is logged."""
        gan = self.gan
        inverse = gan.generator.trainable_variables + gan.encoder.trainable_variables
        variables = gan.discriminator.trainable_variables
        with tf.GradientTape(persistent=True) as tape:
            on_real, on_fake = self.judged(real)
            loss = -tf.reduce_mean(tf.math.log(tf.sigmoid(on_real)))
            loss -= tf.reduce_mean(tf.math.log(1 - tf.sigmoid(on_fake)))
            exchanged = -tf.reduce_mean(tf.math.log(1 - tf.sigmoid(on_real)))
            exchanged -= tf.reduce_mean(tf.math.log(tf.sigmoid(on_fake)))
        gradients = tape.gradient(loss, variables), tape.gradient(exchanged, inverse)
        _descend(variables, gradients[0], 0.02)
        _descend(inverse, gradients[1], 0.05)
        return {
            "discriminator_loss": float(loss),
            "generator_loss": float(exchanged),
            "discriminator_gradient_norm": float(tf.linalg.global_norm(gradients[0])),
            "generator_gradient_norm": float(tf.linalg.global_norm(gradients[1])),
            "real_probability": float(tf.reduce_mean(tf.sigmoid(on_real))),
            "fake_probability": float(tf.reduce_mean(tf.sigmoid(on_fake))),
            "real_accuracy": float(tf.reduce_mean(tf.cast(on_real > 0, tf.float32))),
            "fake_accuracy": float(tf.reduce_mean(tf.cast(on_fake < 0, tf.float32))),
        }


def _descend(variables, gradients, rate):
    for variable, gradient in zip(variables, gradients, strict=True):
        assert gradient is not None, variable.path
        variable.assign_sub(rate * gradient)


@pytest.mark.slow
@pytest.mark.parametrize(
    "arch, posterior",
    [
        ("mlp", "deterministic"),
        ("mlp", "gaussian"),
        ("dcgan", "deterministic"),
        ("bigan_mlp", "deterministic"),
    ],
)
def test_a_step_updates_all_three_networks_at_once(arch, posterior):
    """Plain SGD, so that each update is a gradient; a Gaussian one is through the code drawn."""
    gan, twin = make(arch, posterior), make(arch, posterior)
    before = [network.get_weights() for network in gan.networks.values()]
    real = images(8, arch)
    logs = gan.train_on_batch(real, return_dict=True)
    expected = ByHand(twin).step(real)
    for mine, theirs in zip(weights(gan), weights(twin), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=2e-6)
    assert logs == pytest.approx(expected, rel=1e-3, abs=1e-5)
    for network, were in zip(gan.networks.values(), before):
        assert max(np.abs(a - b).max() for a, b in zip(network.get_weights(), were)) > 1e-5


@pytest.mark.slow
def test_the_first_of_several_steps_are_the_discriminators_alone():
    gan, twin = make(compile=SGD | {"discriminator_steps": 3}), make()
    real = images(12)
    gan.train_on_batch(real)
    hand = ByHand(twin)
    hand.discriminator_step(real[:4])
    hand.discriminator_step(real[4:8])
    hand.step(real[8:])
    for mine, theirs in zip(weights(gan), weights(twin), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=2e-6)
    assert int(gan.generator_optimizer.iterations) == int(gan.step) == 1
    assert int(gan.discriminator_optimizer.iterations) == 3


def test_one_optimizer_trains_generator_and_encoder():
    gan = make()
    trained = gan.optimizers["generator"].networks
    assert trained == [gan.generator, gan.encoder]
    assert gan.optimizers["discriminator"].networks == [gan.discriminator]
    assert list(gan.networks) == ["generator", "encoder", "discriminator"]


@pytest.mark.slow
def test_a_gaussian_code_is_drawn_in_training_and_its_mean_in_use():
    gan, real = make(posterior="gaussian"), images(3)
    outputs = np.asarray(gan.encoder(real))
    mean, deviation = outputs[:, :LATENT], np.exp(outputs[:, LATENT:] / 2)
    np.testing.assert_array_equal(gan.encode(real), mean)
    drawn = np.stack([gan.encode(real, training=True) for _ in range(400)])
    np.testing.assert_allclose(drawn.mean(axis=0), mean, atol=0.2 * deviation.max())
    np.testing.assert_allclose(drawn.std(axis=0), deviation, rtol=0.2)
    named = BiGAN.encoding(gan.encoder, "gaussian")(real)
    np.testing.assert_array_equal(named["codes"], mean)
    np.testing.assert_allclose(named["deviations"], deviation, rtol=1e-6)


def test_a_deterministic_code_is_what_the_encoder_gives():
    gan, real = make(), images(3)
    for training in (False, True):
        np.testing.assert_array_equal(gan.encode(real, training), gan.encoder(real))
    named = BiGAN.encoding(gan.encoder)(real)
    assert set(named) == {"codes", "features"}
    last = gan.encoder.get_layer("codes")
    np.testing.assert_allclose(last(named["features"]), named["codes"], rtol=1e-5, atol=1e-6)


def test_snapshots_show_samples_and_reals_above_their_reconstructions():
    gan = make()
    pixels = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 1), np.uint8)
    inputs, columns = gan.preview_inputs(examples(pixels), Image(), seed=0)
    shown = np.asarray(gan.preview(inputs))
    assert columns == 8 and shown.shape == (72, 8, 8, 1)
    np.testing.assert_array_equal(Image().to_stored(shown[40:48]), pixels[:8])
    np.testing.assert_allclose(shown[48:56], gan(gan.encode(inputs[1][:8])), atol=1e-5)
    np.testing.assert_array_equal(Image().to_stored(shown[56:64]), pixels[8:16])


@pytest.mark.slow
@pytest.mark.parametrize("arch, posterior", [("mlp", "gaussian"), ("bigan_mlp", "deterministic")])
def test_a_saved_model_goes_on_as_if_it_had_not_been_saved(tmp_path, arch, posterior):
    """The dropout of the discriminator too."""
    tricks = ("generator_l2(1e-3)", "ema(0.9)")
    adam = {"generator_optimizer": "adam(1e-3)", "discriminator_optimizer": "adam(1e-3)"}
    gan = make(arch, posterior, compile=adam | {"penalties": ["r1", "l2(1e-3)"]}, trick=tricks)
    gan.fit(images(16, arch), batch_size=8, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.posterior == posterior and int(loaded.step) == 2
    for each in (gan, loaded):
        each.fit(images(16, arch, seed=1), batch_size=8, shuffle=False, verbose=0)
    assert int(loaded.step) == 4
    for mine, theirs in zip(weights(loaded), weights(gan), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=2e-6)


@pytest.fixture(scope="module")
def uninterrupted(photos, tmp_path_factory):
    """The `Config` of a finished run of 10 steps with a Gaussian encoder and dropout."""
    config = options(photos, tmp_path_factory.mktemp("bigan") / "run")
    loop.train(config)
    return config


def options(photos, folder, **changes):
    chosen = dict(gan="bigan(posterior='gaussian')", deterministic=True, trick=("ema(0.9)",))
    return tiny(photos, folder, **chosen | changes)


def restored(config):
    gan = build.build(config, (8, 8, 3), ("a", "b"), 10)
    CheckpointStore(RunDir(config.run_dir).checkpoints).restore(read_gan(gan), [10])
    return gan


@pytest.mark.slow
def test_a_run_that_was_interrupted_ends_bit_for_bit_as_one_that_was_not(
    uninterrupted, photos, tmp_path
):
    for epochs in (1, 2):
        loop.train(options(photos, tmp_path / "run", epochs=epochs))
    for mine, theirs in zip(
        weights(restored(options(photos, tmp_path / "run"))), weights(restored(uninterrupted))
    ):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"conditional": "concat"}, "does not take --conditional=concat"),
        ({"packing": 2}, "does not take --packing=2"),
        ({"semi_supervised": 100}, "does not take --semi_supervised=100"),
        ({"penalty": ("wgan_gp",)}, "does not take --penalty=wgan_gp"),
        ({"trick": ("infogan",)}, "does not take --trick=infogan"),
        (
            {"gan": "bigan(posterior='flow')"},
            "no such posterior; there are: deterministic, gaussian",
        ),
        ({"gan": "bigan(prior='flow')"}, "it takes: posterior="),
    ],
)
def test_refuses_in_one_sentence(options, message):
    with pytest.raises(UserError, match=message):
        Parts.of(Config(**{"dataset": "mnist", "gan": "bigan", **options}).resolve())
