"""Metrics of pairs, by hand."""

import numpy as np
import pytest

from gan_tf.metrics.metric import Sample
from gan_tf.metrics.paired import PSNR, SSIM, MeanAbsoluteError

GRAY = np.full((3, 16, 16, 1), 100, np.uint8)


def score(metric, targets, outputs):
    features = np.zeros((len(targets), 1), np.float32)
    return metric(*(Sample(each, features, None) for each in (targets, outputs))).value


def brighter(*differences):
    """The gray images, each brighter than its target by one of these."""
    return GRAY + np.uint8(differences).reshape(-1, 1, 1, 1)


def test_the_mean_of_the_differences():
    assert score(MeanAbsoluteError(3), GRAY, brighter(0, 51, 102)) == pytest.approx(0.2)


def test_the_mean_of_the_decibels_each_at_most_100():
    decibels = 20 * np.log10([255 / 51, 255 / 102])
    expected = np.mean([100, *decibels])
    assert score(PSNR(3), GRAY, brighter(0, 51, 102)) == pytest.approx(expected, rel=1e-5)


def test_equal_images_are_similar_and_noise_is_not():
    noise = np.random.default_rng(0).integers(0, 256, GRAY.shape, np.uint8)
    assert score(SSIM(3), noise, noise) == pytest.approx(1, abs=1e-5)
    assert score(SSIM(3), noise, np.roll(noise, 1, axis=0)) < 0.3


@pytest.mark.parametrize("kind", [PSNR, SSIM, MeanAbsoluteError])
def test_chunks_change_nothing(kind, monkeypatch):
    images = np.random.default_rng(1).integers(0, 256, (2, 5, 16, 16, 3), np.uint8)
    whole = score(kind(5), *images)
    monkeypatch.setattr("gan_tf.metrics.paired._CHUNK", 2)
    assert score(kind(5), *images) == pytest.approx(whole, rel=1e-6)
