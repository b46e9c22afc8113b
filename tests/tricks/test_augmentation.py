"""DiffAugment: what it changes, what it leaves alone, and that gradients pass."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.tricks.augmentation import color, cutout, translation

SEED = keras.random.SeedGenerator(0)
IMAGES = np.random.default_rng(0).uniform(-1, 1, (500, 8, 16, 3)).astype(np.float32)


def test_translation_shifts_by_up_to_an_eighth_and_grays_the_rest():
    shifted = translation(IMAGES, SEED).numpy()
    padded = np.pad(IMAGES, ((0, 0), (1, 1), (2, 2), (0, 0)))
    found = np.zeros(len(IMAGES), int)
    for down in range(3):
        for right in range(5):
            window = padded[:, down : down + 8, right : right + 16]
            found += np.all(window == shifted, axis=(1, 2, 3))
    np.testing.assert_array_equal(found, 1)
    assert np.mean(np.all(shifted == IMAGES, axis=(1, 2, 3))) == pytest.approx(1 / 15, abs=0.04)


@pytest.mark.parametrize("size, limit", [(12, 2), (20, 3), (21, 3), (28, 4), (36, 5)])
def test_shifts_and_squares_have_the_sizes_of_the_authors_code(size, limit):
    """Shifts up to int(size / 8 + 0.5); a square of int(size / 2 + 0.5) around any pixel, and, if
    its side is even, around the one beyond the last."""
    marked = np.zeros((2000, size, size, 1), np.float32)
    marked[:, size // 2, size // 2] = 1
    places = np.argwhere(translation(tf.constant(marked), SEED).numpy())[:, 1:3] - size // 2
    for along in places.T:
        assert set(along) == set(range(-limit, limit + 1))
    side = int(size * 0.5 + 0.5)
    last = size if side % 2 == 0 else size - 1
    cut = cutout(tf.ones((4000, size, size, 1)), SEED).numpy()[..., 0] == 0
    for axis in (1, 2):
        lengths = np.unique(cut.any(axis).sum(1))
        assert lengths.max() == side and lengths.min() == min(
            side - side // 2, size - last + side // 2
        )


def test_cutout_grays_a_square_of_half_the_size():
    cut = cutout(IMAGES, SEED).numpy()
    gone = np.all(cut == 0, axis=3)
    np.testing.assert_array_equal(cut[~gone], IMAGES[~gone])
    heights = np.any(gone, axis=2).sum(axis=1)
    widths = np.any(gone, axis=1).sum(axis=1)
    assert heights.max() == 4 and widths.max() == 8
    np.testing.assert_array_equal(gone.sum(axis=(1, 2)), heights * widths)  # no other shape
    assert heights.min() >= 2 and widths.min() >= 4  # centered on the edge at most


def test_color_keeps_shapes_and_changes_each_image_by_an_affine_map():
    changed = color(IMAGES, SEED).numpy()
    for before, after in zip(IMAGES[:20], changed[:20]):
        columns = [before, before.mean(axis=2, keepdims=True) + 0 * before, np.ones_like(before)]
        design = np.stack([each.ravel() for each in columns], axis=1)
        fit, *_ = np.linalg.lstsq(design, after.ravel(), rcond=None)
        np.testing.assert_allclose(design @ fit, after.ravel(), atol=1e-4)
    brightness = changed.mean(axis=(1, 2, 3)) - IMAGES.mean(axis=(1, 2, 3))
    assert -0.5 <= brightness.min() < -0.4 and 0.4 < brightness.max() <= 0.5


def test_gradients_pass_to_all_that_is_seen(make, images):
    gan = make("diff_augment")
    inputs = tf.constant(images)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        total = tf.reduce_sum(gan.tricks[0].images(gan, inputs) ** 2)
    assert np.mean(tape.gradient(total, inputs).numpy() != 0) > 0.4


def test_the_policy_chooses(make):
    keras.utils.set_random_seed(0)
    trick = TRICKS.build("diff_augment('cutout')")
    seen = trick.images(make(), tf.constant(IMAGES)).numpy()
    assert np.all((seen == IMAGES) | (seen == 0))
    with pytest.raises(UserError, match="no 'rotation'"):
        TRICKS.build("diff_augment('color,rotation')")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float64"])
@pytest.mark.parametrize("augmentation", [color, translation, cutout])
def test_other_floats_are_augmented_alike(augmentation, dtype):
    images = tf.ones((4, 5, 7, 3), dtype)
    changed = augmentation(images, keras.random.SeedGenerator(0))
    assert changed.dtype == dtype and changed.shape == images.shape
