"""The GAN model: its training step beside one written out by hand, and what it does as a Keras model."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.build import network_spec
from gan_tf.gans.standard import GAN
from gan_tf.losses.penalties import Penalty
from gan_tf.networks import build
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.mlp import MLP
from gan_tf.options.config import Config

SHAPE, LATENT = (28, 28, 1), 6


def make(seed=0, architecture=None, **arguments):
    architecture = architecture or MLP(width=4)
    keras.utils.set_random_seed(3)
    gan = GAN(architecture.generator(SHAPE, LATENT), architecture.discriminator(SHAPE), seed=seed)
    gan.compile(**arguments)
    return gan


def images(count, seed=0, shape=SHAPE):
    return np.random.default_rng(seed).uniform(-1, 1, (count, *shape)).astype(np.float32)


def test_a_step_equals_the_algorithm_written_out():
    """Plain SGD, so that each update is the gradient: discriminator first, then generator."""
    gan = make(generator_optimizer="sgd(0.5)", discriminator_optimizer="sgd(0.25)")
    twin = make()
    real, fake_latents = (
        images(8),
        keras.random.normal((8, LATENT), seed=keras.random.SeedGenerator(0)),
    )
    logs = gan.train_on_batch(real, return_dict=True)

    with tf.GradientTape() as tape:
        fake = twin.generator(fake_latents)
        on_real, on_fake = twin.discriminator(real), twin.discriminator(fake)
        d_loss = -tf.reduce_mean(
            tf.math.log(tf.sigmoid(on_real)) + tf.math.log(1 - tf.sigmoid(on_fake))
        )
    d_gradients = tape.gradient(d_loss, twin.discriminator.trainable_variables)
    for variable, gradient in zip(twin.discriminator.trainable_variables, d_gradients):
        variable.assign_sub(0.25 * gradient)
    with tf.GradientTape() as tape:
        g_loss = -tf.reduce_mean(
            tf.math.log(tf.sigmoid(twin.discriminator(twin.generator(fake_latents))))
        )
    g_gradients = tape.gradient(g_loss, twin.generator.trainable_variables)
    for variable, gradient in zip(twin.generator.trainable_variables, g_gradients):
        variable.assign_sub(0.5 * gradient)

    for mine, expected in zip(gan.get_weights()[1:], twin.get_weights()[1:]):
        np.testing.assert_allclose(mine, expected, rtol=1e-4, atol=1e-6)
    assert logs == pytest.approx(
        {
            "discriminator_loss": float(d_loss),
            "generator_loss": float(g_loss),
            "discriminator_gradient_norm": float(tf.linalg.global_norm(d_gradients)),
            "generator_gradient_norm": float(tf.linalg.global_norm(g_gradients)),
            "real_probability": float(tf.reduce_mean(tf.sigmoid(on_real))),
            "fake_probability": float(tf.reduce_mean(tf.sigmoid(on_fake))),
            "real_accuracy": float(tf.reduce_mean(tf.cast(on_real > 0, tf.float32))),
            "fake_accuracy": float(tf.reduce_mean(tf.cast(on_fake < 0, tf.float32))),
        },
        rel=1e-4,
    )


def test_the_hinge_loss_logs_the_sign_of_reals():
    batch = images(8)
    gan = make(loss="hinge", discriminator_optimizer="sgd(0.0)")
    on_real = gan.discriminator(batch, training=True)
    logs = gan.train_on_batch(batch, return_dict=True)
    assert logs["real_sign"] == pytest.approx(float(tf.reduce_mean(tf.sign(on_real))), abs=1e-6)
    assert "real_accuracy" not in logs
    for loss in ("non_saturating", "wasserstein"):
        assert "real_sign" not in make(loss=loss).train_on_batch(batch, return_dict=True)


def test_the_generator_can_be_updated_several_times_in_a_step():
    batch = images(8)
    gan, twin = (make(generator_optimizer="sgd(0.5)", generator_steps=n) for n in (3, 1))
    gan.train_on_batch(batch)
    assert int(gan.generator_optimizer.iterations) == 3
    assert int(gan.discriminator_optimizer.iterations) == gan.steps_made == 1
    twin.train_on_batch(batch)
    # The discriminator has seen the first generator's fakes only.
    for mine, expected in zip(gan.discriminator.get_weights(), twin.discriminator.get_weights()):
        np.testing.assert_allclose(mine, expected, rtol=1e-5)
    assert np.any(gan.generator.get_weights()[0] != twin.generator.get_weights()[0])
    assert gan.get_compile_config()["generator_steps"] == 3
    with pytest.raises(ValueError, match="does not take generator_steps=0"):
        make(generator_steps=0)


@pytest.mark.slow
def test_each_discriminator_step_has_its_own_part_of_the_batch():
    batch = images(12)
    gan = make(discriminator_steps=3)
    gan.train_on_batch(batch)
    assert int(gan.discriminator_optimizer.iterations) == 3
    assert int(gan.generator_optimizer.iterations) == 1
    assert int(gan.step) == 1
    # The last part matters, so it was used; and so does the first.
    for part in (slice(0, 4), slice(8, 12)):
        changed = batch.copy()
        changed[part] = -changed[part]
        other = make(discriminator_steps=3)
        other.train_on_batch(changed)
        weights = zip(gan.discriminator.get_weights(), other.discriminator.get_weights())
        assert any(np.abs(a - b).max() > 1e-6 for a, b in weights)


def test_the_discriminator_update_leaves_the_generator_alone_and_the_reverse():
    gan = make(generator_optimizer="sgd(0.0)", discriminator_optimizer="sgd(1.0)")
    before = gan.generator.get_weights(), gan.discriminator.get_weights()
    gan.train_on_batch(images(8))
    assert all(map(np.array_equal, gan.generator.get_weights(), before[0]))
    assert not all(map(np.array_equal, gan.discriminator.get_weights(), before[1]))


@pytest.mark.slow
def test_fit_takes_images_with_labels_and_without():
    gan = make()
    plain = gan.fit(images(32), batch_size=8, epochs=2, verbose=0)
    labeled = gan.fit(images(32), np.zeros(32), batch_size=8, verbose=0)
    assert set(plain.history) == set(labeled.history) == {metric.name for metric in gan.metrics}
    assert int(gan.step) == 12


@pytest.mark.slow
def test_the_same_seed_trains_the_same_and_another_does_not():
    first, again, other = make(seed=1), make(seed=1), make(seed=2)
    for gan in (first, again, other):
        gan.fit(images(32), batch_size=8, shuffle=False, verbose=0)
    assert all(map(np.array_equal, first.get_weights(), again.get_weights()))
    assert not all(map(np.array_equal, first.get_weights(), other.get_weights()))


def test_calling_it_samples_images():
    gan = make()
    assert gan(keras.random.normal((3, LATENT))).shape == (3, *SHAPE)
    assert gan.predict(np.zeros((5, LATENT)), verbose=0).shape == (5, *SHAPE)


def test_summary_names_both_networks(capsys):
    make().summary()
    printed = capsys.readouterr().out
    assert "generator" in printed and "discriminator" in printed and "unbuilt" not in printed


SETUPS = {
    "hinge": (dict(width=4, discriminator_norm="none", spectral_norm="discriminator"), ["hinge"]),
    "wgan": (dict(width=4), ["wasserstein", 2, ["weight_clip(0.01)"]]),
    "wgan_gp": (dict(width=4, discriminator_norm="layer"), ["wasserstein", 2, ["wgan_gp"]]),
}


@pytest.mark.slow
@pytest.mark.parametrize(  # test_toolbox has all of them in either
    "name, policy",
    [
        ("hinge", "float32"),
        ("wgan", "mixed_bfloat16"),
        ("wgan_gp", "float32"),
        ("wgan_gp", "mixed_bfloat16"),
    ],
)
def test_losses_and_penalties_train_and_are_saved(name, policy, tmp_path):
    networks, arguments = SETUPS[name]
    shape = (16, 16, 1)  # of two convolutions each, the second with normalization
    keras.config.set_dtype_policy(policy)
    try:
        architecture = DCGAN(**networks)
        gan = GAN(architecture.generator(shape, LATENT), architecture.discriminator(shape))
    finally:
        keras.config.set_dtype_policy("float32")
    loss, *rest = arguments
    gan.compile("adam", "adam", loss, *rest)
    logs = gan.fit(images(16, shape=shape), batch_size=8, shuffle=False, verbose=0).history
    assert {"real_logit", "fake_logit"} < set(logs) and "real_probability" not in logs
    assert ("penalty" in logs) == bool(gan.penalties)
    assert all(np.isfinite(each).all() for each in logs.values())
    if name == "wgan":
        assert max(np.abs(w).max() for w in gan.discriminator.trainable_variables) <= 0.01 + 1e-6
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    again = dict(x=images(8, 1, shape), batch_size=8, verbose=0)
    results = [
        {key: value for key, (value,) in each.fit(**again).history.items()}
        for each in (gan, loaded)
    ]
    assert results[0] == pytest.approx(results[1], rel=1e-3, abs=1e-4)


def test_a_penalty_is_added_to_the_loss_of_the_discriminator_only():
    """A penalty of 3 |w|^2 on a discriminator that plain SGD trains."""
    gan, plain = (make(discriminator_optimizer="sgd(0.1)") for _ in range(2))
    before = gan.discriminator.get_weights()[0]
    gan.compile("adam", "sgd(0.1)", penalties=[_SquaredWeights(gan)])
    logs = gan.train_on_batch(images(8), return_dict=True)
    expected = plain.train_on_batch(images(8), return_dict=True)
    assert logs["discriminator_loss"] == pytest.approx(expected["discriminator_loss"], rel=1e-5)
    assert logs["penalty"] == pytest.approx(3 * np.sum(before**2), rel=1e-5)
    difference = plain.discriminator.get_weights()[0] - gan.discriminator.get_weights()[0]
    np.testing.assert_allclose(difference, 0.1 * 6 * before, rtol=1e-3, atol=1e-6)


class _SquaredWeights(Penalty):
    def __init__(self, gan):
        self._gan = gan

    def __call__(self, critic, real, fake, seed):
        return 3 * tf.reduce_sum(self._gan.discriminator.trainable_variables[0].value ** 2)


def test_conditional_networks_get_the_labels():
    config = Config(arch="mlp", width=4, latent_dim=LATENT, conditional="concat")
    gan = GAN(
        build.generator(network_spec(config, SHAPE, 3)),
        build.discriminator(network_spec(config, SHAPE, 3)),
    )
    gan.compile(discriminator_steps=2)
    gan.fit(images(16), np.arange(16) % 3, batch_size=8, verbose=0)
    latents = np.zeros((3, LATENT), np.float32)
    made = gan.predict_on_batch([latents, np.arange(3)])
    assert made.shape == (3, *SHAPE) and np.any(made[0] != made[1])


def test_runs_eagerly_too():
    gan = make(run_eagerly=True)
    gan.train_on_batch(images(4))
    assert int(gan.step) == 1


def test_mixed_float16_scales_its_loss_and_reports_unscaled_gradients():
    def one_step(policy):
        keras.config.set_dtype_policy(policy)
        try:
            gan = make()
        finally:
            keras.config.set_dtype_policy("float32")
        scales = isinstance(gan.discriminator_optimizer, keras.optimizers.LossScaleOptimizer)
        assert scales == (policy == "mixed_float16")
        logs = gan.train_on_batch(images(16), return_dict=True)
        return {name: float(value) for name, value in logs.items()}

    assert one_step("mixed_float16") == pytest.approx(one_step("float32"), rel=0.05, abs=0.01)


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"loss": "hinged"}, UserError, "Unknown loss 'hinged'"),
        ({"generator_optimizer": "adam(lr=1)"}, UserError, "it takes: learning_rate="),
        ({"discriminator_steps": 0}, ValueError, "must be 1 or more"),
    ],
)
def test_compile_refuses_what_it_does_not_know(arguments, error, message):
    with pytest.raises(error, match=message):
        make(**arguments)
