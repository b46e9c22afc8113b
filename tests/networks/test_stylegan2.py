"""StyleGAN2: published sizes, both halves of the generator, a training."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.standard import GAN
from gan_tf.networks.stylegan2 import StyleGAN2
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES


def trainable(build):
    """The number of trained parameters, found without memory for them."""
    with keras.StatelessScope(initialize_variables=False):
        return sum(int(np.prod(each.shape)) for each in build().trainable_weights)


@pytest.mark.parametrize(
    "size, width, expected",
    [
        (1024, 32, (30_370_060, 29_012_513)),  # configuration F
        (256, 64, (24_767_458, 24_001_089)),  # "paper256" of StyleGAN2-ADA
    ],
)
def test_published_sizes_have_the_published_numbers_of_parameters(size, width, expected):
    published = StyleGAN2(width=width, max_width=512, style_dim=512, mapping=8)
    shape = (size, size, 3)
    assert trainable(lambda: published.generator(shape, 512)) == expected[0]
    assert trainable(lambda: published.discriminator(shape)) == expected[1]


@pytest.mark.parametrize("size, maps", [(28, [7, 14, 28]), (64, [4, 8, 16, 32, 64])])
def test_maps_double_and_channels_halve_up_to_a_limit(size, maps):
    network = StyleGAN2(width=8, max_width=32).generator((size, size, 3), 6)
    noises = [each for each in network.layers if type(each).__name__ == "MapNoise"]
    shapes = [each.output.shape[1:] for each in noises]
    sizes = [maps[0], *(each for each in maps[1:] for _ in range(2))]
    assert [shape[0] for shape in shapes] == sizes
    widths = {side: min(8 * size // side, 32) for side in maps}
    assert [shape[-1] for shape in shapes] == [widths[side] for side in sizes]


def test_an_image_depends_on_its_latent_alone():
    network = StyleGAN2(width=4).generator((28, 28, 1), 6)
    for layer in network.layers:
        if type(layer).__name__ == "MapNoise":
            layer.strength.assign(1.0)
    latents = keras.random.normal((4, 6), seed=0)
    images = network(latents)
    np.testing.assert_array_equal(network(latents), images)
    np.testing.assert_allclose(network(latents[2:3]), images[2:3], atol=1e-5)
    np.testing.assert_allclose(network(2 * latents), images, atol=1e-4)  # scaled to the same length
    assert np.any(network(latents, training=True) != images)


def test_images_are_clipped_in_use_only():
    network = StyleGAN2(width=4).generator((28, 28, 1), 6)
    last = [each for each in network.layers if type(each).__name__ == "ModulatedConv2D"][-1]
    last.bias.assign([30.0])
    latents = keras.random.normal((2, 6), seed=0)
    np.testing.assert_array_equal(network(latents), np.ones((2, 28, 28, 1)))
    assert np.all(network(latents, training=True) > 20)


def test_its_optimizer_is_the_published_one_unless_another_is_given():
    config = Config(dataset="mnist", arch="stylegan2").resolve()
    assert config.generator_optimizer == ARCHITECTURES.entry("stylegan2").attributes["optimizer"]
    assert "0.0025" in config.discriminator_optimizer
    given = Config(dataset="mnist", arch="stylegan2", generator_optimizer="sgd").resolve()
    assert given.generator_optimizer == "sgd"
    assert "2e-4" in Config(dataset="mnist", arch="dcgan").resolve().generator_optimizer


def test_encoders_have_no_minibatch_statistics():
    trunk = StyleGAN2(width=8, max_width=16, minibatch_stddev=4).trunk()
    assert (trunk.width, trunk.max_width, trunk.minibatch_stddev) == (8, 16, 0)


def test_senseless_sizes_are_refused():
    with pytest.raises(UserError, match="mapping must be 1 or more"):
        ARCHITECTURES.build("stylegan2(mapping=0)")


@pytest.mark.slow
def test_it_learns_what_images_look_like():
    """Bright squares on black: after some steps, samples are much closer to their mean."""
    keras.utils.set_random_seed(0)
    architecture = StyleGAN2(width=4, max_width=16, style_dim=8, mapping=2)
    gan = GAN(architecture.generator((28, 28, 1), 8), architecture.discriminator((28, 28, 1)))
    adam = ARCHITECTURES.entry("stylegan2").attributes["optimizer"]
    gan.compile(adam, adam, penalties=["r1(1.0, every=4)"])
    squares = np.full((320, 28, 28, 1), -1.0, np.float32)
    squares[:, 9:19, 9:19] = np.random.default_rng(0).uniform(0.5, 1, (320, 1, 1, 1))
    latents = keras.random.normal((32, 8), seed=1)

    def distance():
        return float(tf.reduce_mean((gan(latents) - squares.mean(0)) ** 2))

    before = distance()
    gan.fit(squares, batch_size=8, epochs=2, verbose=0)
    assert distance() < before / 3
