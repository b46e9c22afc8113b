"""FID against scipy's matrix square root and closed forms."""

import numpy as np
import pytest
from scipy import linalg

from gan_tf.metrics.fid import fid, frechet_distance, moments


def features(count, dim, seed=0):
    random = np.random.default_rng(seed)
    mixing = random.normal(0, 1, (dim, dim))
    return np.float32(random.normal(0, 1, (count, dim)) @ mixing + random.normal(0, 1, dim))


def by_scipy(real, fake):
    """The formula as it stands in the paper."""
    means = real.mean(axis=0), fake.mean(axis=0)
    covariances = np.cov(real, rowvar=False), np.cov(fake, rowvar=False)
    root = linalg.sqrtm(covariances[0] @ covariances[1])
    traces = sum(map(np.trace, covariances)) - 2 * np.trace(root).real
    return np.sum((means[0] - means[1]) ** 2) + traces


@pytest.mark.parametrize("counts", [(50, 40), (300, 200), (12, 300)])
def test_agrees_with_scipy(counts):
    real, fake = features(counts[0], 20, 1), features(counts[1], 20, 2)
    assert fid(real, fake) == pytest.approx(by_scipy(np.float64(real), np.float64(fake)), rel=1e-5)


def test_gaussians_apart_are_at_the_squared_distance_of_their_means():
    mean = np.array([1.0, -2, 3])
    assert frechet_distance(np.zeros(3), np.eye(3), mean, np.eye(3)) == pytest.approx(14)


def test_gaussians_of_diagonal_covariance():
    """sum (s1 - s2)^2 of the deviations."""
    one, other = np.diag([1.0, 4, 9]), np.diag([4.0, 4, 0])
    assert frechet_distance(np.zeros(3), one, np.zeros(3), other) == pytest.approx(1 + 0 + 9)


def test_samples_of_a_gaussian_come_near_the_closed_form():
    random = np.random.default_rng(0)
    real, fake = random.normal(0, 1, (20_000, 4)), random.normal([0, 0, 3, 0], 1, (20_000, 4))
    assert fid(real, fake) == pytest.approx(9, rel=0.03)


def test_fewer_images_than_features_give_the_same_as_the_whole_matrices():
    real, fake = features(30, 64, 1), features(25, 64, 2)
    whole = frechet_distance(*moments(real), *moments(fake))
    assert fid(real, fake) == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize("shape", [(100, 8), (8, 100)])
def test_is_0_and_not_below_for_the_same_features(shape):
    same = features(*shape)
    assert 0 <= fid(same, same) < 1e-3
    assert fid(np.ones(shape), np.ones(shape)) == 0


def test_moments_do_not_depend_on_the_chunks(monkeypatch):
    values = features(101, 5)
    mean, covariance = moments(values)
    np.testing.assert_allclose(mean, values.mean(axis=0, dtype=np.float64))
    np.testing.assert_allclose(covariance, np.cov(np.float64(values), rowvar=False))
    monkeypatch.setattr("gan_tf.metrics.fid._CHUNK", 7)
    for mine, theirs in zip(moments(values), (mean, covariance)):
        np.testing.assert_allclose(mine, theirs)
