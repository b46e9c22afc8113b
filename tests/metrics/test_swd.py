"""Sliced Wasserstein distance: its pyramid, its projections, its sizes."""

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from gan_tf.metrics import swd
from gan_tf.metrics.swd import pyramid, sliced_wasserstein


def images(count, size=28, channels=1, seed=0):
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (count, size // 4, size // 4, channels), np.uint8)
    return np.kron(coarse, np.ones((1, 4, 4, 1), np.uint8))


@pytest.mark.parametrize(
    "size, sizes", [(28, [28, 14]), (32, [32, 16]), (64, [64, 32, 16]), (16, [16])]
)
def test_the_levels_and_that_they_add_up_to_the_image(size, sizes):
    whole = images(2, size).astype(np.float32)
    levels = pyramid(whole)
    assert [each.shape[1] for each in levels] == sizes
    sum_of_levels = levels[-1]
    for level in levels[-2::-1]:
        sum_of_levels = level + swd._upsampled(sum_of_levels, level.shape)
    np.testing.assert_allclose(sum_of_levels, whole, atol=1e-3)


def test_a_flat_image_is_in_the_last_level_alone():
    fine, coarse = pyramid(np.full((1, 28, 28, 1), 100, np.float32))
    np.testing.assert_allclose(fine[:, 4:-4, 4:-4], 0, atol=1e-4)
    np.testing.assert_allclose(coarse, 100, atol=1e-3)


def test_the_distance_of_projections_is_that_of_scipy(monkeypatch):
    monkeypatch.setattr(swd, "_PROJECTIONS", 16)
    random = np.random.default_rng(0)
    real, fake = (
        np.float32(random.normal(0, 1, (200, 6))),
        np.float32(random.normal(1, 2, (200, 6))),
    )
    directions = np.random.default_rng(1).standard_normal((16, 6))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    expected = np.mean([wasserstein_distance(real @ each, fake @ each) for each in directions])
    assert swd._distance(real, fake) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("size, channels", [(28, 1), (64, 3)])
def test_is_0_for_the_same_images_and_symmetric(size, channels, monkeypatch):
    monkeypatch.setattr(swd, "_PROJECTIONS", 16)
    one, other = images(40, size, channels, 0), images(40, size, channels, 1)
    assert sliced_wasserstein(one, one) == [0] * len(pyramid(one.astype(np.float32)))
    np.testing.assert_allclose(sliced_wasserstein(one, other), sliced_wasserstein(other, one))
    assert min(sliced_wasserstein(one, np.zeros_like(one))) > 0.1


def test_patches_do_not_depend_on_chunks(monkeypatch):
    monkeypatch.setattr(swd, "_PROJECTIONS", 16)
    first, second = np.random.default_rng(0).integers(0, 256, (2, 40, 28, 28, 1), np.uint8)
    whole = sliced_wasserstein(first, second)
    monkeypatch.setattr(swd, "_CHUNK", 7)
    assert sliced_wasserstein(first, second) == pytest.approx(whole, rel=1e-5)
