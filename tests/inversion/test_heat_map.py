"""Heat maps."""

import numpy as np

from gan_tf.inversion import heat_map


def test_overlay_shows_the_image_where_there_is_no_heat():
    pixels = np.full((1, 1, 3, 1), 100, np.uint8)
    shown = heat_map.overlay(pixels, np.array([[[0.0, 1.0, 7.0]]]))
    np.testing.assert_array_equal(shown[0, 0, 0], [60, 60, 60])
    assert shown[0, 0, 1].min() > 100  # the brightest of inferno, a light yellow
    np.testing.assert_array_equal(shown[0, 0, 1], shown[0, 0, 2])


def test_gray_to_rgb():
    gray = np.arange(4, dtype=np.uint8).reshape(1, 2, 2, 1)
    np.testing.assert_array_equal(heat_map.to_rgb(gray)[..., 2], gray[..., 0])
