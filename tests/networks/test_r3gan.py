"""R3GAN: its blocks, and a training with its loss."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.errors import UserError
from gan_tf.gans.standard import GAN
from gan_tf.networks.r3gan import R3GAN
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES
from gan_tf.runtime import precision


def kernels(network):
    return [each for each in network.layers if type(each) is layers.Conv2D]


def test_blocks_are_as_published():
    generator = R3GAN(width=8, max_width=16).generator((64, 64, 3), 6)
    found = [(each.filters, each.kernel_size[0]) for each in kernels(generator)]
    block = lambda width: [(2 * width, 1), (2 * width, 3), (width, 1)]  # noqa: E731
    wide, narrow = 2 * block(16), 2 * block(8)
    assert found == [*4 * wide, (8, 1), *narrow, (3, 1)]  # 4, 8, 16 and 32 pixels, then 64
    assert not any("Normalization" in type(each).__name__ for each in generator.layers)


def test_blocks_change_nothing_at_first():
    discriminator = R3GAN(width=8, max_width=8).discriminator((32, 32, 3))
    sums = [each for each in discriminator.layers if isinstance(each, layers.Add)]
    assert len(sums) == 8  # two at each of 32, 16, 8 and 4 pixels
    begin, end = keras.Model(discriminator.inputs, [sums[0].input[0], sums[1].output])(
        keras.random.normal((2, 32, 32, 3), seed=0)
    )
    np.testing.assert_array_equal(begin, end)


def test_kernels_of_blocks_are_smaller_the_more_there_are():
    for size, sizes in ((32, 4), (128, 6)):
        second = kernels(R3GAN(width=64, max_width=64).generator((size, size, 3), 6))[1]
        # sqrt(2 / 1.04) / sqrt(fan-in), times the number of blocks to the power of -1/4
        expected = np.sqrt(2 / 1.04 / (9 * 128)) * (2 * sizes) ** -0.25
        assert np.asarray(second.kernel).std() == pytest.approx(expected, rel=0.02)


def test_published_sizes_are_grouped():
    published = R3GAN(width=384, max_width=768, group_width=16)
    with keras.StatelessScope(initialize_variables=False):
        found = kernels(published.generator((64, 64, 3), 64))
    assert {(each.filters, each.groups) for each in found if each.kernel_size == (3, 3)} == {
        (1536, 96),
        (768, 48),
    }


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_in_half_precision_the_smallest_maps_and_the_logits_are_in_float32(policy):
    networks = R3GAN(width=4, max_width=8)
    with precision.policy(policy):
        pair = networks.generator((28, 28, 1), 6), networks.discriminator((28, 28, 1))
    for network in pair:
        half = policy.removeprefix("mixed_")
        sides = {}  # of what blocks compute, by dtype
        for each in network.layers:
            if isinstance(each, layers.Add):
                sides.setdefault(each.compute_dtype, set()).add(each.output.shape[1])
        assert sides == {"float32": {7}, half: {14, 28}}
        assert network.output.dtype == "float32"
    assert {each.compute_dtype for each in pair[1].layers[-4:]} == {"float32"}


@pytest.mark.slow
def test_half_precision_is_close():
    found = []
    for policy in ("float32", "mixed_bfloat16"):
        keras.utils.set_random_seed(0)
        networks = R3GAN(width=4, max_width=8)
        with precision.policy(policy):
            gan = GAN(networks.generator((28, 28, 1), 6), networks.discriminator((28, 28, 1)))
            gan.compile(loss="relativistic", penalties=["r1(1, every=1)", "r2(1, every=1)"])
        images = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 1)).astype(np.float32)
        for _ in range(3):
            logs = gan.train_on_batch(images, return_dict=True)
        found.append(logs)
    assert found[1] == pytest.approx(found[0], rel=0.1, abs=0.05)


def test_encoders_have_its_widths():
    given = R3GAN(width=16, max_width=64, group_width=8)
    assert vars(given.trunk()) == vars(given)


@pytest.mark.slow
def test_groups_are_trained_with_both_penalties():
    architecture = R3GAN(width=4, max_width=8, group_width=4)
    gan = GAN(architecture.generator((28, 28, 1), 8), architecture.discriminator((28, 28, 1)))
    gan.compile(loss="relativistic", penalties=["r1(1, every=1)", "r2(1, every=1)"])
    grouped = [each for each in kernels(gan.discriminator) if each.groups > 1]
    before = [np.array(each.kernel) for each in grouped]
    images = np.random.default_rng(0).uniform(-1, 1, (8, 28, 28, 1)).astype(np.float32)
    for _ in range(
        3
    ):  # the last kernels of blocks start at 0, so that gradients arrive from the second on
        logs = gan.train_on_batch(images, return_dict=True)
    assert np.isfinite(list(logs.values())).all() and logs["penalty"] > 0
    assert grouped and all(np.any(each.kernel != kernel) for each, kernel in zip(grouped, before))


def test_senseless_groups_are_refused():
    with pytest.raises(UserError, match="does not divide twice the channels"):
        ARCHITECTURES.build("r3gan(group_width=7)")


def test_its_flags_go_together():
    config = Config(
        dataset="mnist",
        arch="r3gan",
        loss="relativistic",
        penalty=("r1(0.1, every=1)", "r2(0.1, every=1)"),
    ).resolve()
    assert "beta_2=0.99" in config.generator_optimizer


@pytest.mark.slow
def test_it_learns_what_images_look_like():
    """Bright squares on black: after some steps, samples are much closer to their mean."""
    keras.utils.set_random_seed(0)
    architecture = R3GAN(width=4, max_width=8)
    gan = GAN(architecture.generator((28, 28, 1), 8), architecture.discriminator((28, 28, 1)))
    adam = "adam(2e-3, beta_1=0.0, beta_2=0.9)"
    both = ["r1(0.1, every=1)", "r2(0.1, every=1)"]
    gan.compile(adam, adam, loss="relativistic", penalties=both)
    squares = np.full((320, 28, 28, 1), -1.0, np.float32)
    squares[:, 9:19, 9:19] = np.random.default_rng(0).uniform(0.5, 1, (320, 1, 1, 1))
    latents = keras.random.normal((32, 8), seed=1)

    def distance():
        return float(tf.reduce_mean((gan(latents) - squares.mean(0)) ** 2))

    before = distance()
    gan.fit(squares, batch_size=8, epochs=2, verbose=0)
    assert distance() < before / 2
