"""Where what is bright is, and windows around it."""

import numpy as np

from gan_tf.features.centroids import centered, centroids


def spots(*places, size=(20, 24)):
    """A video of a frame for each place, of a bright spot of 3x3 pixels around it."""
    video = np.zeros((1, len(places), *size, 1), np.uint8)
    for frame, (row, column) in enumerate(places):
        video[0, frame, row - 1 : row + 2, column - 1 : column + 2] = 200
    return video


def test_centroids_of_spots_and_of_darkness():
    found = np.asarray(centroids(spots((4, 5), (12, 20))))
    np.testing.assert_allclose(found, [[(4, 5), (12, 20)]], atol=1e-4)
    np.testing.assert_allclose(centroids(np.full((1, 1, 20, 24, 3), 15, np.uint8)), [[(9.5, 11.5)]])


def test_a_centroid_is_between_values_in_their_proportion():
    video = np.zeros((1, 1, 9, 9, 3), np.uint8)
    video[0, 0, 2, 4], video[0, 0, 6, 4] = 50, 150
    np.testing.assert_allclose(centroids(video), [[(5, 4)]], atol=1e-4)


def test_windows_follow_and_show_black_beyond_the_frame():
    video = np.zeros((1, 3, 16, 16, 1), np.uint8)
    pattern = np.random.default_rng(0).integers(100, 255, (3, 3, 1), np.uint8)
    pattern[:] = np.maximum(pattern, pattern[::-1])
    pattern[:] = np.maximum(pattern, pattern[:, ::-1])  # whose centroid is its middle
    for frame, (row, column) in enumerate(((7, 7), (1, 1), (12, 5))):
        video[0, frame, row - 1 : row + 2, column - 1 : column + 2] = pattern
    windows = np.asarray(centered(video, 10))  # 10 of 16 pixels: as they are
    assert windows.shape == (1, 3, 10, 10, 1) and windows.dtype == np.uint8
    for window in windows[0, 1:]:
        np.testing.assert_allclose(window.astype(int), windows[0, 0].astype(int), atol=1)
    assert windows[0, 0].sum() > 0 and not windows[0, 1, :2].any()
