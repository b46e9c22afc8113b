"""Conditional networks: shapes, and that the label matters to both."""

import keras
import numpy as np
import pytest

from gan_tf.config import Config
from gan_tf.errors import UserError
from gan_tf.networks import build
from gan_tf.registries import ARCHITECTURES, CONDITIONINGS

SHAPE = (28, 28, 1)


@pytest.mark.parametrize("arch", ARCHITECTURES.names())
@pytest.mark.parametrize("conditioning", CONDITIONINGS.names())
def test_images_and_logits_depend_on_the_label(arch, conditioning):
    keras.utils.set_random_seed(0)
    config = Config(arch=arch, width=4, latent_dim=6, conditional=conditioning)
    generator = build.generator(config, SHAPE, 3)
    discriminator = build.discriminator(config, SHAPE, 3)
    latents = np.tile(keras.random.normal((1, 6), seed=0), (3, 1))
    images = np.asarray(generator([latents, np.arange(3)]))
    assert images.shape == (3, *SHAPE) and np.abs(images).max() <= 1
    assert np.any(images[0] != images[1]) and np.any(images[1] != images[2])
    logits = np.asarray(discriminator([np.repeat(images[:1], 3, 0), np.arange(3)]))
    assert logits.shape == (3, 1) and len(np.unique(logits)) == 3


def test_without_a_conditioning_networks_know_no_labels():
    config = Config(arch="mlp", width=4, latent_dim=6)
    assert len(build.generator(config, SHAPE, 3).inputs) == 1
    assert len(build.discriminator(config, SHAPE, 3).inputs) == 1


@pytest.mark.parametrize("conditioning", CONDITIONINGS.names())
def test_conditional_networks_are_flat(conditioning):
    config = Config(arch="dcgan", width=4, latent_dim=6, conditional=conditioning)
    for network in (build.generator(config, SHAPE, 3), build.discriminator(config, SHAPE, 3)):
        assert not any(isinstance(layer, keras.Model) for layer in network.layers)


def test_data_without_classes_are_refused():
    config = Config(arch="mlp", dataset="image_folder", conditional="concat")
    with pytest.raises(UserError, match="'image_folder' has none"):
        build.generator(config, SHAPE, 0)


def test_an_embedding_of_nothing_is_refused():
    with pytest.raises(UserError, match="1 or more"):
        CONDITIONINGS.build("concat(0)")
