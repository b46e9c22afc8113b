"""MS-SSIM: known values, small images, pairs within classes."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.metrics import ms_ssim as module
from gan_tf.metrics.metric import Sample
from gan_tf.metrics.ms_ssim import MSSSIM, ms_ssim


def noise(count, size, channels=1, seed=0):
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (count, size, size, channels), np.uint8)


@pytest.mark.parametrize("size, channels", [(28, 1), (32, 3), (64, 3), (176, 1)])
def test_the_same_images_are_alike_and_noise_is_not(size, channels):
    one, other = noise(3, size, channels), noise(3, size, channels, 1)
    np.testing.assert_allclose(ms_ssim(one, one), 1, atol=1e-5)
    assert np.all(ms_ssim(one, other) < 0.2)


def test_negatives_are_finite():
    one = noise(4, 28)
    assert np.all(np.isfinite(ms_ssim(one, 255 - one)))
    flat = np.zeros((1, 28, 28, 1), np.uint8)
    assert np.all(np.isfinite(ms_ssim(flat, flat + 255)))


def test_large_images_have_the_published_scales():
    one = noise(2, 180)
    other = np.uint8(np.clip(one + np.random.default_rng(2).normal(0, 40, one.shape), 0, 255))
    np.testing.assert_allclose(
        ms_ssim(one, other), tf.image.ssim_multiscale(one, other, 255), rtol=1e-3
    )


def test_pairs_are_of_one_class_and_of_different_images():
    classes = np.array([0] * 5 + [1] * 3 + [2])
    first, second = module._pairs(classes, 9, 200)
    assert np.all(classes[first] == classes[second]) and np.all(first != second)
    assert set(classes[first]) == {0, 1}
    first, second = module._pairs(None, 9, 200)
    assert set(first) == set(range(9))


def test_repeats_are_seen():
    varied, same = noise(20, 28), np.repeat(noise(1, 28), 20, axis=0)

    def score(images):
        sample = Sample(images, np.zeros((len(images), 2), np.float32))
        return MSSSIM(20, pairs=50)(sample, sample).value

    assert score(same) == pytest.approx(1, abs=1e-5) and score(varied) < 0.2
