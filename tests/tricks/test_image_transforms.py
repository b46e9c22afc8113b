"""The transforms of ADA, against values worked out by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.tricks import image_resampling
from gan_tf.tricks.image_transforms import GROUPS, transformed

ALL = tuple(GROUPS)


def pictures(count, channels=3, size=8):
    return keras.random.uniform((count, size, size, channels), -1, 1, seed=0)


def seed():
    return keras.random.SeedGenerator(1)


@pytest.mark.parametrize("channels", [1, 3])
def test_nothing_changes_with_a_probability_of_zero(channels):
    images = pictures(4, channels)
    np.testing.assert_array_equal(transformed(images, tf.constant(0.0), seed(), ALL), images)


def test_each_group_changes_images_as_often_as_it_should():
    images = pictures(3000)
    for group, chance in (
        # a mirrored image, a turned one (3 of 4) or a moved one: 1 - (1 - p / 2)(1 - 3 p / 4)(1 - p m)
        # with m the part of shifts of which one is not rounded to 0, 1 - 1/4
        ("blit", 1 - (1 - 0.3 / 2) * (1 - 0.3 * 3 / 4) * (1 - 0.3 * 0.75)),
        # two scalings and a shift, and two rotations with p together
        ("geometry", 1 - 0.7**4),
        ("color", 1 - 0.7**4 * (1 - 0.3 / 2)),
    ):
        made = transformed(images, tf.constant(0.3), seed(), (group,))
        changed = np.any(np.abs(made - images) > 1e-6, axis=(1, 2, 3)).mean()
        assert changed == pytest.approx(chance, abs=0.03), group


def test_whole_pixels_keep_their_values():
    images = pictures(30)
    made = np.asarray(transformed(images, tf.constant(1.0), seed(), ("blit",)))
    for one, other in zip(np.asarray(images), made):
        known, found = ({tuple(pixel) for pixel in each.reshape(-1, 3)} for each in (one, other))
        assert found <= known and len(found) > 40


def test_gray_images_stay_gray_and_hue_keeps_the_luma():
    gray = tf.tile(pictures(20, 1), (1, 1, 1, 3))
    made = np.asarray(transformed(gray, tf.constant(1.0), seed(), ("color",)))
    np.testing.assert_allclose(made[..., 0], made[..., 2], atol=1e-5)
    images = pictures(20)
    lumas = [
        np.mean(each, axis=-1)
        for each in (images, transformed(images, tf.constant(1.0), seed(), ("color",)))
    ]
    for before, after in zip(
        *lumas
    ):  # brightness, contrast and inversion: an affine function of luma
        assert abs(np.corrcoef(before.ravel(), after.ravel())[0, 1]) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("name", ["bilinear", "filtered"])
def test_second_derivatives_pass_through(name):
    resample = getattr(image_resampling, name)
    images = pictures(2, size=4)
    with tf.GradientTape() as outer:
        outer.watch(images)
        with tf.GradientTape() as tape:
            tape.watch(images)
            total = tf.reduce_sum(transformed(images, tf.constant(1.0), seed(), ALL, resample) ** 3)
        first = tape.gradient(total, images)
        squares = tf.reduce_sum(first**2)
    assert np.all(np.any(first != 0, axis=(1, 2, 3)))
    assert np.any(outer.gradient(squares, images) != 0)
