"""Tricks of style-based generators."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.standard import GAN
from gan_tf.networks import build, styles
from gan_tf.networks.conditioning import Concat, Projection
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.modulation import ModulatedConv2D, Style
from gan_tf.networks.stylegan2 import StyleGAN2
from gan_tf.options.config import Config
from gan_tf.registry import TRICKS
from gan_tf.tricks.styles import MixedRows, path_lengths

SHAPE = (28, 28, 1)
SMALL = StyleGAN2(width=2, max_width=4, style_dim=3, mapping=2)


def make(*tricks, **compile):
    keras.utils.set_random_seed(0)
    generator = SMALL.generator(SHAPE, 5)
    for each in map(TRICKS.build, tricks):
        generator = each.edit(generator)
    gan = GAN(generator, SMALL.discriminator(SHAPE), tricks=tricks)
    gan.compile(**compile)
    return gan


def images(count=8):
    return np.random.default_rng(0).uniform(-1, 1, (count, *SHAPE)).astype(np.float32)


@pytest.mark.parametrize("trick", ["style_mixing", "path_length"])
def test_they_need_styles(trick):
    with pytest.raises(UserError, match="space of styles: give --arch=stylegan2"):
        Config(dataset="mnist", arch="dcgan", trick=(trick,)).resolve()
    networks = DCGAN(width=2).generator(SHAPE, 5), DCGAN(width=2).discriminator(SHAPE)
    with pytest.raises(UserError, match="space of styles"):
        TRICKS.build(trick).edit(networks[0])
        GAN(*networks, tricks=[trick])


def test_rows_are_mixed_from_a_place_on():
    layer = MixedRows(0.75, seed=0)
    rows, others = tf.zeros((2000, 5, 3)), tf.ones((2000, 5, 3))
    np.testing.assert_array_equal(layer([rows, others]), rows)
    mixed = np.asarray(layer([rows, others], training=True))
    np.testing.assert_array_equal(mixed[..., 0], mixed[..., 2])
    assert np.all(np.diff(mixed[..., 0], axis=1) >= 0) and np.all(mixed[:, 0] == 0)
    counts = np.bincount(mixed[..., 0].sum(1).astype(int), minlength=5) / 2000
    np.testing.assert_allclose(counts, [0.25, *[0.75 / 4] * 4], atol=0.03)


@pytest.mark.parametrize("conditioning", [None, Concat(4)])
def test_mixed_styles_are_those_of_the_next_latent_with_the_own_label(conditioning):
    spec = build.NetworkSpec(SMALL, SHAPE, 5, num_classes=3, conditioning=conditioning)
    plain = build.generator(spec)
    mixing = TRICKS.build("style_mixing(1.0)").edit(plain)
    latents = keras.random.normal((4, 5), seed=0)
    labels = [] if conditioning is None else [tf.constant([0, 1, 2, 1])]
    inputs, swapped = (
        [each, *labels] if labels else each for each in (latents, tf.roll(latents, -1, 0))
    )
    own, of_next = (np.asarray(styles.mapping(plain)(each)) for each in (inputs, swapped))
    average = np.asarray(styles.mean_w(plain))
    mixed = np.asarray(styles.mapping(mixing)(inputs, training=True))
    for row in range(mixed.shape[1]):
        is_own = np.isclose(mixed[:, row], own[:, row], atol=1e-6).all(1)
        is_next = np.isclose(mixed[:, row], of_next[:, row], atol=1e-6).all(1)
        assert np.all(is_own | is_next) and (row or np.all(is_own))
    assert np.all(is_next)  # the last
    # In use nothing is mixed, and the average of w counts each image once.
    np.testing.assert_allclose(mixing(inputs), plain(inputs), atol=1e-6)
    expected = average + 0.005 * (own[:, 0].mean(0) - average)
    np.testing.assert_allclose(styles.mean_w(mixing), expected, rtol=1e-4, atol=1e-7)


def test_path_lengths_of_a_known_map_and_their_second_derivatives():
    """Images tanh(w A), in float64: lengths from the Jacobian, and the gradient by differences."""
    random = np.random.default_rng(0)
    start = random.standard_normal((6, 8)) / 2
    matrix = tf.Variable(start)
    rows = tf.constant(random.standard_normal((3, 2, 3)))
    noise = random.standard_normal((3, 2, 4, 1))

    def synthesis(rows, training):
        assert training
        return tf.reshape(tf.tanh(tf.reshape(rows, (-1, 6)) @ matrix), (-1, 2, 4, 1))

    def total():
        return tf.reduce_mean(tf.square(path_lengths(synthesis, rows, noise) - 0.1))

    slopes = 1 - np.tanh(rows.numpy().reshape(3, 6) @ start) ** 2
    gradients = ((slopes * noise.reshape(3, 8)) @ start.T / np.sqrt(8)).reshape(3, 2, 3)
    expected = np.sqrt((gradients**2).sum(2).mean(1))
    np.testing.assert_allclose(path_lengths(synthesis, rows, noise), expected, rtol=1e-9)
    with tf.GradientTape() as tape:
        value = total()
    found, step = tape.gradient(value, matrix).numpy(), 1e-6
    for at in np.ndindex(6, 8):
        ends = []
        for sign in (1, -1):
            moved = start.copy()
            moved[at] += sign * step
            matrix.assign(moved)
            ends.append(float(total()))
        assert found[at] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("up", [False, True])
def test_second_derivatives_of_modulated_convolutions_agree_with_differences(up):
    """In float64, of the kernels of the style and of the convolution, before a tanh."""
    style = Style(2, row=1, dtype="float64")
    convolve = ModulatedConv2D(3, up=up, dtype="float64")
    random = np.random.default_rng(0)
    rows = tf.constant(random.standard_normal((2, 2, 3)))
    x = tf.constant(random.standard_normal((2, 3, 3, 2)))

    def synthesis(rows, training):
        return tf.tanh(convolve([x, style(rows)]))

    noise = random.standard_normal(synthesis(rows, True).shape)

    def total():
        return tf.reduce_mean(tf.square(path_lengths(synthesis, rows, noise) - 0.1))

    for kernel in (style.kernel, convolve.kernel):
        with tf.GradientTape() as tape:
            value = total()
        found, start, step = tape.gradient(value, kernel).numpy(), kernel.numpy(), 1e-6
        for at in [(0, 1), (2, 0)] if kernel is style.kernel else [(0, 1, 1, 2), (2, 2, 0, 0)]:
            ends = []
            for sign in (1, -1):
                moved = start.copy()
                moved[at] += sign * step
                kernel.assign(moved)
                ends.append(float(total()))
            kernel.assign(start)
            assert found[at] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-4, abs=1e-9)


def test_path_length_is_lazy_and_keeps_its_average():
    gan = make("path_length(2, every=2, decay=0.5)", run_eagerly=True)
    values = [gan.train_on_batch(images(), return_dict=True) for _ in range(3)]
    first, second, third = (each["path_length"] for each in values)
    assert first > 0 and second == first and third != first
    penalties = [each["path_length_penalty"] for each in values]
    assert penalties[0] > 0 and penalties[1] == 0 and penalties[2] > 0
    np.testing.assert_allclose(gan.kept["mean_path_length"], third, rtol=1e-5)


def test_path_lengths_of_labels_that_act_on_maps():
    spec = build.NetworkSpec(SMALL, SHAPE, 5, num_classes=3, conditioning=Projection())
    gan = GAN(build.generator(spec), build.discriminator(spec), tricks=["path_length"])
    gan.compile(run_eagerly=True)
    logs = gan.train_on_batch(images(), np.arange(8) % 3, return_dict=True)
    assert logs["path_length"] > 0 and np.isfinite(logs["path_length_penalty"])


@pytest.mark.parametrize(
    "spec",
    ["style_mixing(1.5)", "path_length(-1)", "path_length(every=0)", "path_length(shrink=0)"],
)
def test_senseless_arguments_are_refused(spec):
    with pytest.raises(UserError, match=r"must be"):
        TRICKS.build(spec)
