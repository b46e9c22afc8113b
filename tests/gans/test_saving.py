"""How Keras saves and loads a GAN."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from gan_tf.gans.standard import GAN
from gan_tf.losses.adversarial import Minimax
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.mlp import MLP
from gan_tf.registry import CONTENT_LOSSES, GANS, LOSSES, PENALTIES, REWARDS, TRICKS
from tests.conftest import ROOT
from tests.gans.test_standard import SHAPE, images, make


@pytest.mark.parametrize(
    "architecture", [MLP(width=4), pytest.param(DCGAN(width=4), marks=pytest.mark.slow)]
)
def test_a_saved_model_goes_on_as_if_it_had_not_been_saved(tmp_path, architecture):
    gan = make(
        architecture=architecture,
        generator_optimizer="adam(1e-3)",
        loss="minimax",
        discriminator_steps=2,
    )
    gan.fit(images(32), batch_size=8, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert loaded.discriminator_steps == 2
    assert type(loaded.adversarial_loss).__name__ == "Minimax"
    for each in (gan, loaded):
        each.fit(images(32, seed=1), batch_size=8, shuffle=False, verbose=0)
    assert int(loaded.step) == 8
    for mine, theirs in zip(loaded.get_weights(), gan.get_weights()):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_a_loss_and_optimizers_given_as_objects_are_saved_too(tmp_path):
    optimizers = keras.optimizers.Adam(1e-3), keras.optimizers.SGD(0.1)
    gan = make(
        loss=Minimax(), generator_optimizer=optimizers[0], discriminator_optimizer=optimizers[1]
    )
    gan.train_on_batch(images(8))
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    assert type(loaded.adversarial_loss) is Minimax
    assert float(loaded.discriminator_optimizer.learning_rate) == pytest.approx(0.1)
    assert int(loaded.generator_optimizer.iterations) == 1


@pytest.mark.slow
def test_a_saved_model_is_loaded_by_another_process(tmp_path):
    """Which has imported none of the classes in it but that of the GAN."""
    networks = DCGAN(width=4)
    gan = GAN(networks.generator(SHAPE, 6), networks.discriminator(SHAPE), tricks=["ema(0.9)"])
    gan.compile("adam", "sgd", loss="hinge", penalties=["r1(3.0)"])
    gan.train_on_batch(images(8))
    gan.save(tmp_path / "gan.keras")
    script = (
        "import keras, gan_tf.gans.standard\n"
        f"gan = keras.saving.load_model({str(tmp_path / 'gan.keras')!r})\n"
        "print(gan.steps_made, gan.penalties[0].gamma, gan.tricks[0].decay)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["1", "3.0", "0.9"], done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["mixed_float16", "float32"])
def test_a_model_with_a_scaled_loss_is_saved_and_goes_on(policy, tmp_path):
    keras.config.set_dtype_policy(policy)
    try:
        inner = keras.optimizers.SGD(0.25)
        scaled = keras.optimizers.LossScaleOptimizer(
            inner, initial_scale=64.0, dynamic_growth_steps=3
        )
        gan = make(generator_optimizer=scaled, discriminator_optimizer="adam(0.125)")
    finally:
        keras.config.set_dtype_policy("float32")
    gan.train_on_batch(images(4))
    gan.scale_learning_rates(0.5)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.models.load_model(tmp_path / "gan.keras")
    loaded.scale_learning_rates(0.25)
    assert float(loaded.generator_optimizer.learning_rate) == 0.0625
    assert float(loaded.discriminator_optimizer.learning_rate) == 0.03125
    loaded.scale_learning_rates(0.5)
    for each in (gan, loaded):
        for _ in range(3):
            each.train_on_batch(images(4, seed=1))
        assert float(each.generator_optimizer.dynamic_scale) == 128
    for mine, theirs in zip(gan.get_weights(), loaded.get_weights()):
        np.testing.assert_array_equal(mine, theirs)


def test_no_two_classes_are_saved_under_one_name():
    """The later one would be loaded in place of the other."""
    for registry in (GANS, LOSSES, CONTENT_LOSSES, PENALTIES, TRICKS, REWARDS):
        for name in registry.own_entries:
            entry = registry.load(name)
            saved_as = keras.saving.get_registered_name(entry)
            if saved_as.startswith("gan_tf>"):
                assert keras.saving.get_registered_object(saved_as) is entry, (registry.kind, name)
