"""FastGAN: published sizes, skips, what the logit is of, and transfer."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.gans.build import build
from gan_tf.gans.standard import GAN
from gan_tf.networks.fastgan import FastGAN, decoder
from gan_tf.networks.freezing import levels
from gan_tf.options.config import Config
from gan_tf.training.transfer import start_from
from tests.conftest import tiny
from tests.networks.test_runs_of_generators import RUNS, restored


def trainable(build):
    """The number of trained parameters, found without memory for them."""
    with keras.StatelessScope(initialize_variables=False):
        return sum(int(np.prod(each.shape)) for each in build().trainable_weights)


def test_published_sizes_have_the_published_numbers_of_parameters():
    published, shape = FastGAN(width=64), (256, 256, 3)
    # The authors' has 192 more, which make an image of 128 pixels.
    assert trainable(lambda: published.generator(shape, 256)) == 29_127_846 - 192
    assert trainable(lambda: published.discriminator(shape)) == 8_386_672
    for channels, expected in ((512, 1_439_712), (256, 849_888)):
        made = trainable(lambda count=channels: decoder((8, 8, count), (128, 128, 3), 32, "one"))
        assert made == expected


def excitations(network):
    """[(size of the map that excites, size of the excited one)]."""
    found = []
    for layer in network.layers:
        if isinstance(layer, layers.Multiply):
            excited, factor = layer.input
            while factor.shape[1] == 1:
                factor = factor._keras_history.operation.input
            pooled = factor._keras_history.operation
            if isinstance(pooled, layers.AveragePooling2D):
                factor = pooled.input
            found.append((factor.shape[1], excited.shape[1]))
    return found


@pytest.mark.parametrize(
    "size, of_generator, of_discriminator, noise",
    [
        (28, [(7, 28)], [(28, 7)], [28, 28]),
        (64, [(4, 64)], [(64, 8)], [8, 8, 32, 32]),
        (128, [(4, 64), (8, 128)], [(128, 16), (64, 8)], [8, 8, 32, 32, 128, 128]),
    ],
)
def test_maps_excite_far_ones(size, of_generator, of_discriminator, noise):
    generator = FastGAN(width=1).generator((size, size, 1), 6)
    discriminator = FastGAN(width=1).discriminator((size, size, 1))
    assert excitations(generator) == of_generator
    assert excitations(discriminator) == of_discriminator
    noises = [each for each in generator.layers if type(each).__name__ == "MapNoise"]
    assert [each.output.shape[1] for each in noises] == noise


def test_an_image_depends_on_its_latent_alone():
    network = FastGAN(width=1).generator((32, 32, 1), 6)
    for layer in network.layers:
        if type(layer).__name__ == "MapNoise":
            layer.strength.assign(1.0)
    latents = keras.random.normal((4, 6), seed=0)
    images = network(latents)
    np.testing.assert_allclose(network(latents[2:3]), images[2:3], atol=1e-5)
    assert np.any(network(latents, training=True) != images)


def test_the_logit_is_the_sum_of_the_mean_logits_of_the_parts_in_both_branches():
    network = FastGAN(width=1, spectral_norm="none").discriminator((32, 32, 1))
    ends = [
        each.input
        for each in network.layers
        if isinstance(each, layers.AveragePooling2D) and each.strides == (1, 1)
    ]
    images = keras.random.normal((3, 32, 32, 1), seed=0)
    kernel = network.layers[-2].kernel
    expected, row = 0.0, 0
    for maps in keras.Model(network.inputs, ends)(images):
        channels = maps.shape[-1]
        part = tf.reshape(kernel[row : row + 16 * channels], (4, 4, channels, 1))
        logits = tf.nn.conv2d(maps, part, 1, "VALID")
        assert logits.shape == (3, 5, 5, 1)  # as published
        expected += tf.reduce_mean(logits, (1, 2))
        row += 16 * channels
    assert row == kernel.shape[0]
    np.testing.assert_allclose(network(images), expected, rtol=1e-4, atol=1e-6)


def test_its_flags_go_together_and_its_encoder_has_no_spectral_norm():
    tricks = ("reconstruction", "diff_augment", "ema(0.999)")
    config = Config(dataset="mnist", arch="fastgan", loss="hinge", trick=tricks).resolve()
    assert config.trick == tricks and "2e-4" in config.generator_optimizer
    trunk = FastGAN(width=8).trunk()
    assert (trunk.width, trunk.spectral_norm) == (8, "none")


@pytest.mark.slow
def test_it_learns_what_images_look_like():
    """Bright squares on black: samples approach their mean, and so do the decoders' images."""
    architecture = FastGAN(width=2)
    networks = architecture.generator((28, 28, 1), 8), architecture.discriminator((28, 28, 1))
    gan = GAN(*networks, tricks=["reconstruction(width=2)"])
    adam = "adam(2e-3, beta_1=0.5)"
    gan.compile(adam, adam, loss="hinge")
    squares = np.full((320, 28, 28, 1), -1.0, np.float32)
    squares[:, 9:19, 9:19] = np.random.default_rng(0).uniform(0.5, 1, (320, 1, 1, 1))
    latents = keras.random.normal((32, 8), seed=1)

    def distance():
        return float(tf.reduce_mean((gan(latents) - squares.mean(0)) ** 2))

    before = distance()
    history = gan.fit(squares, batch_size=8, epochs=3, verbose=0).history
    assert distance() < before / 2
    first, *_, last = history["reconstruction_loss"]
    assert last < first / 2


@pytest.mark.slow
def test_a_step_in_float16_has_the_losses_of_float32():
    images = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 1)).astype(np.float32)
    found, architecture = [], FastGAN(width=2)
    for policy in ("float32", "mixed_float16"):
        keras.utils.set_random_seed(0)
        keras.config.set_dtype_policy(policy)
        networks = architecture.generator((28, 28, 1), 8), architecture.discriminator((28, 28, 1))
        gan = GAN(*networks, tricks=["reconstruction(width=2)"])
        gan.compile(loss="hinge", run_eagerly=True)
        found.append(gan.train_on_batch(images, return_dict=True))
    for name in ("discriminator_loss", "reconstruction_loss"):
        assert found[1][name] == pytest.approx(found[0][name], rel=0.02), name
    # The scales of the losses are too large at first, and such steps are left out.
    steps = [gan.train_on_batch(images, return_dict=True) for _ in range(4)]
    for name in ("generator_gradient_norm", "discriminator_gradient_norm"):
        assert 1 < max(each[name] for each in steps) < 100


@pytest.mark.slow
def test_a_run_begins_with_another_s_weights_and_frozen_maps(photos, share_run, tmp_path):
    """The largest maps of the discriminator, and those of half their size, in both branches."""
    flags = RUNS["fastgan"]
    run = share_run("fastgan", functools.partial(tiny, photos), **flags)
    config = tiny(photos, tmp_path / "run", init_from=run, freeze_discriminator=2, **flags)
    began, ended = restored(tiny(photos, run, **flags)), build(config, (28, 28, 3), ("a", "b"))
    start_from(ended, run, 2)
    for name, network in began.networks.items():
        for pair in zip(network.get_weights(), ended.networks[name].get_weights(), strict=True):
            np.testing.assert_array_equal(*pair)
    images = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 3)).astype(np.float32)
    ended.run_eagerly = True
    ended.train_on_batch(images, np.arange(8) % 2)
    parts = zip(levels(began.discriminator), levels(ended.discriminator), strict=True)
    changed = [
        [
            np.any(old != new)
            for one, other in zip(*part)
            for old, new in zip(one.get_weights(), other.get_weights())
        ]
        for part in parts
    ]
    assert [any(each) for each in changed] == [False, False, True, True]
