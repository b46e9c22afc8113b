"""PSNR by hand; SSIM where it is known."""

import numpy as np
import pytest

from gan_tf.metrics import image_similarity

DARK = np.full((2, 8, 8, 3), 51, np.uint8)  # a fifth of the range


def test_mse_and_psnr():
    black = np.zeros_like(DARK)
    np.testing.assert_allclose(image_similarity.mse(DARK, black), [0.04, 0.04])
    np.testing.assert_allclose(image_similarity.psnr(DARK, black), [13.9794, 13.9794], rtol=1e-5)
    half = DARK.copy()
    half[1, :4] = 0
    np.testing.assert_allclose(
        image_similarity.psnr(DARK, half)[1], -10 * np.log10(0.02), rtol=1e-5
    )


def test_ssim_of_images_smaller_than_its_window():
    noise = np.random.default_rng(0).integers(0, 256, DARK.shape, np.uint8)
    np.testing.assert_allclose(image_similarity.ssim(noise, noise), 1, rtol=1e-5)
    assert image_similarity.ssim(noise, 255 - noise).max() < 0
    # Of constant images only the means differ: (2 a b + c) / (a^2 + b^2 + c), c = (0.01 255)^2.
    bright, c = np.full_like(DARK, 153), 2.55**2
    expected = (2 * 51 * 153 + c) / (51**2 + 153**2 + c)
    assert image_similarity.ssim(DARK, bright)[0] == pytest.approx(expected, rel=1e-3)
