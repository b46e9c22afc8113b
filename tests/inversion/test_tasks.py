"""Degradations and what is made of them, by hand."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.inversion.tasks import fill
from gan_tf.registry import TASKS

# From left to right.
RAMP = np.tile(np.linspace(-1, 1, 8, dtype=np.float32)[:, None], (2, 8, 1, 1))


def prepared(spec, images=RAMP):
    task = TASKS.build(spec)
    task.prepare(len(images), images.shape[1:], np.random.default_rng(0))
    return task


def test_inpaint_hides_the_middle_and_weighs_by_how_much_is_missing_nearby():
    task = prepared("inpaint")
    seen = task.degrade(RAMP)
    assert np.all(seen[:, 2:6, 2:6] == 0)
    np.testing.assert_array_equal(seen[:, :2], RAMP[:, :2])
    weights = task.weigh(seen)[0, ..., 0]
    assert np.all(weights[2:6, 2:6] == 0)
    # Of the 7x7 around (1, 4), cut off by the border to 5x7, all 3x4 of the hole's upper rows.
    assert weights[1, 4] == pytest.approx(3 * 4 / (5 * 7))
    assert weights[0, 0] == pytest.approx(4 / 16)


def test_what_is_known_is_kept_and_the_gradients_of_the_rest_are_the_generators():
    task = prepared("inpaint")
    bright = RAMP + 0.5  # right but for its brightness
    restored = bright + task.lift(task.degrade(RAMP) - bright)
    np.testing.assert_allclose(restored, RAMP, atol=2e-3)


def test_the_baselines_of_inpainting():
    plain = prepared("inpaint").restore_baselines(prepared("inpaint").degrade(RAMP))
    assert plain.keys() == set(TASKS.entry("inpaint").attributes["baselines"])
    np.testing.assert_allclose(plain["mean_fill"][0, 2:6, 2:6], 0, atol=1e-6)  # of the ramp
    np.testing.assert_allclose(plain["smooth_fill"], RAMP, atol=2e-3)  # a ramp is harmonic


def test_fill_of_one_pixel_is_the_mean_of_its_neighbors():
    values = np.zeros((1, 3, 3, 1), np.float32)
    values[0, [0, 1, 1, 2], [1, 0, 2, 1], 0] = 1, 2, 3, 6
    missing = np.zeros((1, 3, 3, 1), bool)
    missing[0, 1, 1] = True
    assert fill(values, missing)[0, 1, 1, 0] == pytest.approx(3)
    assert np.all(fill(values, np.ones_like(missing)) == 0)


def test_denoise_adds_noise_of_the_range_from_0_to_1():
    task = prepared("denoise(0.25)", np.zeros((4, 32, 32, 3), np.float32))
    seen = task.degrade(np.zeros((4, 32, 32, 3), np.float32))
    assert seen.std() == pytest.approx(0.5, rel=0.03)  # of the range from -1 to 1


def test_denoise_keeps_of_the_difference_what_is_no_noise():
    task = TASKS.build("denoise(0.25)")  # a variance of 0.25 of values from -1 to 1
    much, little = np.full((1, 2, 2, 1), 1.0), np.full((1, 2, 2, 1), 0.5)
    assert task.gain(much) == pytest.approx(0.75)  # 1 - 0.25 of 1
    assert task.gain(little) == 0
    unknown = TASKS.build("denoise(0.0)")
    assert unknown.gain(much) == 0 and not unknown.knows_originals
    assert TASKS.build("denoise(0.0, sigma=0.25)").gain(much) == pytest.approx(0.75)


def test_superres_sees_means_of_blocks():
    task = prepared("superres(2)")
    image = np.arange(64, dtype=np.float32).reshape(1, 8, 8, 1)
    seen = task.degrade(image)
    assert seen.shape == (1, 4, 4, 1) and seen[0, 0, 0, 0] == (0 + 1 + 8 + 9) / 4
    assert task.restore_baselines(seen)["bicubic"].shape == image.shape
    np.testing.assert_array_equal(task.show(seen)[0, :2, :2, 0], np.full((2, 2), 4.5))


def test_colorize_sees_the_luma_and_keeps_it():
    colors = np.random.default_rng(0).uniform(-0.9, 0.9, (2, 4, 4, 3)).astype(np.float32)
    task = prepared("colorize", colors)
    seen = task.degrade(colors)
    assert seen.shape == (2, 4, 4, 1)
    np.testing.assert_allclose(seen[..., 0], colors @ [0.299, 0.587, 0.114], atol=1e-6)
    generated = colors[::-1]
    restored = generated + task.lift(seen - np.asarray(task.look(generated)))
    np.testing.assert_allclose(task.degrade(restored), seen, atol=1e-6)
    differences = [np.diff(each, axis=-1) for each in (restored, generated)]
    np.testing.assert_allclose(*differences, atol=1e-6)  # the generator's colors
    np.testing.assert_array_equal(task.restore_baselines(seen)["gray"], np.repeat(seen, 3, -1))
    np.testing.assert_array_equal(task.show(seen), np.repeat(seen, 3, -1))


@pytest.mark.parametrize(
    "spec, words",
    [
        ("colorize", "needs a run on color images"),
        ("superres(3)", "does not divide"),
        ("superres(1)", "does not enlarge anything"),
        ("denoise(-0.1)", "0 or more"),
        ("inpaint('middle')", "Unknown mask 'middle'"),
    ],
)
def test_refuses(spec, words):
    with pytest.raises(UserError, match=words):
        prepared(spec)
