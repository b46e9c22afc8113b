"""StyleGAN2: published sizes, both halves of the generator, a training."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.evaluation.generator_measures import GeneratorMeasures
from gan_tf.gans.standard import GAN
from gan_tf.metrics.path_length import path_length
from gan_tf.networks import styles
from gan_tf.networks.stylegan2 import StyleGAN2
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES, CONDITIONINGS, FEATURES, TRICKS
from gan_tf.runs import metrics_log
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runtime import precision
from gan_tf.training import loop
from tests.conftest import STYLES, tiny


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


def test_without_noise_images_of_training_are_those_of_use():
    network = StyleGAN2(width=4, noise=False).generator((28, 28, 1), 6)
    assert len(network.non_trainable_weights) == 1  # the mean of w
    latents = keras.random.normal((4, 6), seed=0)
    images, drawn = (network(latents, training=training) for training in (False, True))
    np.testing.assert_array_equal(np.clip(drawn, -1, 1), images)


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


def step(policy):
    """What a step with lazy terms logs, and the GAN."""
    keras.utils.set_random_seed(0)
    small = StyleGAN2(width=4, max_width=8, style_dim=6, mapping=2)
    tricks = ["style_mixing", "path_length(every=1)"]
    with precision.policy(policy):
        generator = small.generator((28, 28, 1), 5)
        for each in map(TRICKS.build, tricks):
            generator = each.edit(generator)
        gan = GAN(generator, small.discriminator((28, 28, 1)), tricks=tricks)
        penalties = ["r1(1.0, every=1)"]
        gan.compile("sgd(0.001)", "sgd(0.001)", penalties=penalties, run_eagerly=True)
    images = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 1)).astype(np.float32)
    return gan.train_on_batch(images, return_dict=True), gan


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.slow
def test_half_precision_is_close_and_styles_stay_in_float32(policy):
    (expected, whole), (found, half) = step("float32"), step(policy)
    names = [each.name for each in half.discriminator.layers]
    whole, half, judge = whole.generator, half.generator, half.discriminator
    assert found == pytest.approx(expected, rel=0.1, abs=0.05)
    assert half.output.dtype == "float32"
    latents = keras.random.normal((4, 5), seed=0)
    rows = styles.mapping(half)(latents)
    assert rows.dtype == tf.float32
    np.testing.assert_allclose(rows, styles.mapping(whole)(latents), atol=1e-3)
    computing = {each.compute_dtype for each in half.layers if "conv" in each.name}
    assert computing == {policy.removeprefix("mixed_")}
    # So are the end of the discriminator, the sum of images, and what mixes latents.
    end = judge.layers[next(i for i, name in enumerate(names) if "stddev" in name) :]
    assert len(end) == 8 and {each.compute_dtype for each in end} == {"float32"}
    exact = [
        each for each in half.layers if type(each).__name__ in ("FilteredUpsampling2D", "NextRow")
    ]
    assert len(exact) == 3 and {each.compute_dtype for each in exact} == {"float32"}


@pytest.mark.parametrize("conditional", ["projection", "embedding"])
def test_labels_count_as_much_as_features(conditional):
    """The embedding is from N(0, 1), and its product with n features is divided by sqrt(n)."""
    keras.utils.set_random_seed(0)
    small = StyleGAN2(width=8, max_width=32)
    network = CONDITIONINGS.build(conditional).discriminator(small, (28, 28, 1), 500)
    (embedding,) = (
        each for each in network.layers if each.weights and each.weights[0].shape == (500, 32)
    )
    kernel = np.asarray(embedding.weights[0])
    assert kernel.std() == pytest.approx(1, rel=0.05)
    images = np.random.default_rng(0).uniform(-1, 1, (2, 28, 28, 1)).astype(np.float32)
    features = keras.Model(network.inputs, network.get_layer("features").output)
    phi = np.asarray(features([images, np.array([0, 0])]))
    one, other = (np.asarray(network([images, np.array(each)])) for each in ([0, 1], [2, 3]))
    expected = np.sum((kernel[[0, 1]] - kernel[[2, 3]]) * phi, axis=1, keepdims=True) / np.sqrt(32)
    np.testing.assert_allclose(one - other, expected, rtol=1e-3, atol=1e-5)


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


@pytest.mark.slow
def test_a_run_in_half_precision_is_judged_and_scored(photos, tmp_path):
    config = tiny(
        photos,
        tmp_path / "run",
        arch=STYLES,
        image_size=28,
        precision="mixed_float16",
        conditional="embedding(4)",
        trick=("path_length(every=2)",),
        evaluate_every="4steps",
        metric=("ppl(10)",),
        log_every="1step",
        steps=4,
        epochs=None,
    )
    assert loop.train(config) == 0
    run = RunDir(config.run_dir)
    assert "verdict" in json.loads(run.health.read_text())
    lengths = [row["path_length"] for row in metrics_log.rows(run.metrics) if "path_length" in row]
    assert len(lengths) == 4 and np.isfinite(lengths).all() and lengths[0] > 0
    ((step, scored),) = metrics_log.read(run.metrics, "ppl")
    trained = TrainedRun(run)
    about = trained.kind.cls, trained.generator, trained.modality, trained.class_frequencies
    features = FEATURES.build("random_conv", {"image_shape": trained.sample_shape})
    expected, _ = path_length(GeneratorMeasures(*about).path_distances(features, 10))
    assert step == 4 and scored == pytest.approx(expected, rel=1e-3)
