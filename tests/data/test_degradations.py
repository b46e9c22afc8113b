"""Degraded images, compared with values computed by hand."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.data.degradations import LUMA
from gan_tf.errors import UserError
from gan_tf.registry import DEGRADATIONS

RANDOM = np.random.default_rng(0)
SPECS = ["grayscale", "lightness", "downscale(4)", "noise(0.1)", 'mask("center")', "edges"]


def build(spec):
    return DEGRADATIONS.build(spec)


def image(rows, dtype=np.float32):
    """One gray image (1, H, W, 1) of these values."""
    return np.array(rows, dtype)[None, ..., None]


def test_grayscale_is_the_luma_of_each_pixel():
    images = np.array([[[[1, -1, -1], [-1, 1, -1]], [[-1, -1, 1], [0.5, 0.5, 0.5]]]], np.float32)
    seen = build("grayscale")(images)
    # 0.299, 0.587 and 0.114 of the way from -1 to 1; a gray pixel stays.
    np.testing.assert_allclose(seen[0, ..., 0], [[-0.402, 0.174], [-0.772, 0.5]], atol=1e-6)
    assert sum(LUMA) == pytest.approx(1)
    np.testing.assert_array_equal(build("grayscale")(images[..., :1]), images[..., :1])


def test_lightness_is_a_gray_as_light_as_the_color():
    """L of pure red is 53.24, of blue 32.30; that of the gray of 119 of 255 is 50.03."""
    images = np.array([[[[1, -1, -1], [-1, -1, 1], [1, 1, 1], [-1, -1, -1]]]], np.float32)
    seen = build("lightness")(images)
    assert seen.shape == (1, 1, 4, 1)
    np.testing.assert_allclose((seen[0, 0, :, 0] + 1) * 127.5, [127.1, 75.8, 255, 0], atol=0.15)
    np.testing.assert_array_equal(build("lightness")(images[..., :1]), images[..., :1])


def test_downscaled_pixels_are_means_of_blocks():
    images = np.linspace(-1, 1, 32, dtype=np.float32).reshape(1, 4, 8, 1)
    seen = build("downscale(2)")(images)
    assert seen.shape == (1, 2, 4, 1)
    assert seen[0, 0, 0, 0] == pytest.approx(images[0, :2, :2].mean())
    assert seen[0, 1, 3, 0] == pytest.approx(images[0, 2:, 6:].mean())


def test_masked_pixels_are_mid_gray():
    rows = np.arange(1, 17).reshape(4, 4) / 16
    seen = build('mask("center")')(image(rows))[0, ..., 0]
    expected = rows.copy()
    expected[1:3, 1:3] = 0
    np.testing.assert_array_equal(seen, np.float32(expected))
    np.testing.assert_array_equal(build('mask("centre")')(image(rows))[0, ..., 0], seen)


def test_noise_has_the_deviation_of_values_from_0_to_1():
    images = RANDOM.uniform(-1, 1, (6, 64, 64, 3)).astype(np.float32)
    added = (build("noise(0.1)")(images) - images) / 2
    assert added.std() == pytest.approx(0.1, rel=0.02)
    assert added.mean() == pytest.approx(0, abs=0.003)
    np.testing.assert_array_equal(build("noise(0)")(images), images)


def test_edges_of_a_straight_step():
    """Sobel's kernel sums to 4 across a step of 1, which counts as white."""
    seen = build("edges")(image([[-1, -1, 1, 1]] * 4))[0, ..., 0]
    np.testing.assert_allclose(seen, [[-1, 1, 1, -1]] * 4, atol=1e-5)
    half = build("edges")(image([[-1, -1, 0, 0]] * 4))[0, ..., 0]
    np.testing.assert_allclose(half, [[-1, 0, 0, -1]] * 4, atol=1e-5)


def test_edges_of_one_bright_pixel():
    rows = -np.ones((5, 5))
    rows[2, 2] = 1  # 1 on a scale from 0
    seen = build("edges")(image(rows))[0, ..., 0]
    beside, across = 2 / 4, np.sqrt(2) / 4  # the kernel's 2, and 1 in both directions
    expected = np.zeros((5, 5))
    expected[1:4, 1:4] = [[across, beside, across], [beside, 0, beside], [across, beside, across]]
    np.testing.assert_allclose(seen, 2 * expected - 1, atol=1e-5)


def test_edges_are_those_of_the_luma():
    colors = np.full((1, 4, 4, 3), -1, np.float32)
    colors[:, :, 2:, 1] = 1  # from black to green
    seen = build("edges")(colors)
    assert seen.shape == (1, 4, 4, 1)
    np.testing.assert_allclose(seen[0, :, 1:3, 0], 2 * 0.587 - 1, atol=1e-5)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("spec", SPECS)
def test_shapes_ranges_and_gradients(spec, channels):
    images = RANDOM.uniform(-1, 1, (3, 8, 8, channels)).astype(np.float32)
    degradation = build(spec)
    seen = degradation(images)
    assert seen.shape == (3, *degradation.shape((8, 8, channels)))
    assert seen.dtype == np.float32
    if "noise" not in spec:
        assert -1 <= seen.min() <= seen.max() <= 1 + 1e-6
    drawn = np.stack([degradation.draw((8, 8, channels), RANDOM)] * 3)
    for given in (images, np.zeros_like(images)):  # flat images too
        variable = tf.Variable(given)
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(degradation.apply(variable, drawn))
        assert np.isfinite(tape.gradient(total, variable)).all()


@pytest.mark.parametrize("spec", ["noise(0.1)", 'mask("random(0.5)")'])
def test_what_is_random_depends_on_the_seed_and_the_index_alone(spec):
    images = np.ones((6, 4, 4, 1), np.float32)
    degradation = build(spec)
    whole = degradation(images, seed=3)
    parts = [degradation(images[:2], [0, 1], 3), degradation(images[:4], range(2, 6), 3)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_array_equal(degradation(images[:1], [4], 3)[0], whole[4])
    assert len({each.tobytes() for each in whole}) == 6
    assert (degradation(images, seed=4) != whole).any()


@pytest.mark.parametrize(
    "spec, shape, words",
    [
        ("downscale(3)", (8, 8, 1), "8x8 pixels: each side must be a multiple of 3"),
        ("downscale(8)", (8, 8, 1), "must be a multiple of 8, and larger"),
        ("edges", (1, 8, 1), "no edges"),
    ],
)
def test_unsuitable_images_are_refused(spec, shape, words):
    with pytest.raises(ValueError, match=words):
        build(spec).shape(shape)


@pytest.mark.parametrize("spec", ["downscale(1)", "noise(-0.1)", 'mask("middle")'])
def test_arguments_that_make_no_sense_are_refused(spec):
    with pytest.raises(UserError):
        build(spec)
