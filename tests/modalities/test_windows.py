"""Windows of images: values by hand and by Pillow."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tf.modalities.windows import window

RNG = np.random.default_rng(0)


def cut(images, corners, side):
    made = window(tf.constant(images, tf.float32), tf.constant(corners, tf.float32), side)
    return made.numpy()


def test_the_whole_image_is_the_image():
    images = RNG.uniform(-1, 1, (2, 5, 7, 3)).astype(np.float32)
    np.testing.assert_allclose(cut(images, [[0, 0]] * 2, 1.0), images, atol=1e-6)


@pytest.mark.parametrize("size", [(12, 12), (9, 14)])
def test_windows_are_those_of_pillow(size):
    """Its bicubic resampling with a box, away from the edges, where it renormalizes the kernel."""
    images = RNG.uniform(-0.5, 0.5, (3, *size, 1)).astype(np.float32)
    corners, side = [[0.1, 0.05], [0.2, 0.2], [0.0, 0.21]], 0.78
    made = cut(images, corners, side)
    for image, (top, left), found in zip(images, corners, made):
        height, width = size
        box = (left * width, top * height, (left + side) * width, (top + side) * height)
        expected = Image.fromarray(image[..., 0]).resize((width, height), Image.BICUBIC, box)
        np.testing.assert_allclose(
            found[3:-3, 3:-3, 0], np.asarray(expected)[3:-3, 3:-3], atol=1e-5
        )


def test_a_half_by_hand():
    """1 x 4 pixels, the right half: centers at 1.75, 2.25, 2.75 and 3.25 pixels."""
    row = np.array([0.0, 0.0, 0.5, 0.25])
    [made] = cut(row.reshape(1, 1, 4, 1), [[0, 0.5]], 0.5)
    # Kernel at 1/4, 3/4, 5/4, 7/4: 111/128, 29/128, -9/128, -3/128; the edge is repeated.
    near, side, third, last = 111 / 128, 29 / 128, -9 / 128, -3 / 128
    expected = [
        0.5 * near + 0.25 * third,
        0.5 * near + 0.25 * (side + last),
        0.5 * side + 0.25 * (near + third),
        0.5 * third + 0.25 * (near + side + last),
    ]
    np.testing.assert_allclose(made[0, :, 0], expected, atol=1e-6)


def test_values_stay_in_range():
    images = np.where(RNG.random((4, 8, 8, 1)) < 0.5, -1.0, 1.0)
    made = cut(images, [[0.1, 0.1]] * 4, 0.7)
    assert made.min() == -1 and made.max() == 1
