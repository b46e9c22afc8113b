"""Copies among fakes."""

import numpy as np
import pytest

from gan_tf.evaluation import memorization


def pictures(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, 4, 4, 1), np.uint8)


def test_copies_are_found():
    training, held_out = pictures(300, 0), pictures(200, 1)
    found = memorization.compare(training[50:150], training, held_out)
    assert found.copies == 1 and found.closer == 1
    np.testing.assert_array_equal(found.indices, np.arange(50, 150))
    np.testing.assert_allclose(found.distances, 0, atol=1e-3)


@pytest.mark.parametrize("test_split", [True, False])
def test_new_images_are_as_far_as_unseen_ones(test_split):
    held_out = pictures(1000, 1) if test_split else None
    found = memorization.compare(pictures(1000, 2), pictures(2000, 0), held_out)
    assert found.closer == pytest.approx(0.5, abs=0.06)
    assert found.copies < 0.04
    assert ("test split" if test_split else "without a test split") in found.sentence()


def test_mirrored_copies_are_found_where_training_mirrors():
    training, held_out = pictures(300, 0), pictures(200, 1)
    fakes = np.concatenate([training[:60, :, ::-1], training[60:100]])
    found = memorization.compare(fakes, training, held_out, flip=True)
    assert found.copies == 1
    np.testing.assert_array_equal(found.indices, np.arange(100))
    np.testing.assert_array_equal(found.mirrored, np.arange(100) < 60)
    sheet = found.picture(fakes, training, rows=2, pairs=1)
    np.testing.assert_array_equal(sheet[:4, :4], sheet[:4, 6:10])
    without = memorization.compare(fakes, training, held_out)
    assert without.copies == pytest.approx(0.4, abs=0.05) and not without.mirrored.any()


def test_half_copies():
    """Half copies, half far away: they win half of the pairs."""
    training, held_out = pictures(300, 0), pictures(200, 1)
    far = np.full((50, 4, 4, 1), 0, np.uint8)
    far[:, ::2] = 255
    found = memorization.compare(np.concatenate([training[:50], far]), training, held_out)
    assert found.copies == pytest.approx(0.5)
    assert found.closer == pytest.approx(0.5, abs=0.01)
    assert "50.0% are closer" in found.sentence()


def test_the_picture_has_each_fake_left_of_its_nearest():
    training = pictures(30, 0)
    fakes = training[[3, 7, 5]].copy()
    fakes[:2] ^= 1
    found = memorization.compare(fakes, training, pictures(20, 1))
    sheet = found.picture(fakes, training, rows=2, pairs=2)
    # above the first two, below the two closest, of which the exact copy is first
    assert sheet.shape == (2 * 6 - 2, 4 * 6 - 2, 1)
    shown = [sheet[y : y + 4, x : x + 4] for y in (0, 6) for x in (0, 6, 12, 18)]
    expected = [fakes[0], training[3], fakes[1], training[7], fakes[2], training[5]]
    for mine, theirs in zip(shown, expected):
        np.testing.assert_array_equal(mine, theirs)
