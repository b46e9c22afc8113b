"""Pixels as features."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.registry import FEATURES


@pytest.mark.parametrize(
    "size, features", [(8, 64), (16, 256), (28, 196), (64, 256), (50, 144), (17, 64)]
)
def test_dimensions(size, features):
    images = np.zeros((2, size, size, 1), np.uint8)
    assert FEATURES.build("pixels")(images)[0].shape == (2, features)


def test_values_are_means_of_blocks():
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28, 3), np.uint8)
    blocks = images.reshape(3, 14, 2, 14, 2, 3).mean((2, 4)) / 255
    np.testing.assert_allclose(
        FEATURES.build("pixels")(images)[0], blocks.reshape(3, -1), atol=1e-5
    )
    white = np.full((1, 64, 64, 1), 255, np.uint8)
    np.testing.assert_allclose(FEATURES.build("pixels")(white)[0], 1, atol=1e-5)


def test_the_size_is_an_argument():
    fine, coarse = FEATURES.build("pixels(32)"), FEATURES.build("pixels(size=4)")
    images = np.zeros((2, 32, 32, 3), np.uint8)
    assert fine(images)[0].shape == (2, 3072) and coarse(images)[0].shape == (2, 48)
    assert fine.digest != coarse.digest
    with pytest.raises(UserError, match="must be 1 or more"):
        FEATURES.build("pixels(0)")
