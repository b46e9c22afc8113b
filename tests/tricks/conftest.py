"""A small GAN with tricks."""

import keras
import numpy as np
import pytest

from gan_tf.gans.build import network_spec
from gan_tf.gans.standard import GAN
from gan_tf.networks import build
from gan_tf.options.config import Config

SHAPE = (28, 28, 1)


@pytest.fixture
def make():
    """Makes and compiles a GAN: make("ema(0.9)", ..., compile arguments)."""

    def make(*tricks, architecture="mlp", compile=None, **options):
        keras.utils.set_random_seed(0)
        config = Config(arch=architecture, width=4, latent_dim=14, trick=tricks, **options)
        spec = network_spec(config, SHAPE, 3, total_steps=4)
        gan = GAN(build.generator(spec), build.discriminator(spec), tricks=spec.tricks)
        gan.compile(**compile or {})
        return gan

    return make


@pytest.fixture
def images():
    return np.random.default_rng(0).uniform(-1, 1, (16, *SHAPE)).astype(np.float32)
