"""The features of frames and of their differences."""

import numpy as np
import tensorflow as tf

from gan_tf.features.random_conv import RandomConv
from gan_tf.features.video_conv import VideoConv, differences

VIDEOS = np.random.default_rng(0).integers(0, 256, (3, 5, 12, 12, 1), np.uint8)


def test_the_first_half_is_the_mean_over_the_frames():
    features, probabilities = VideoConv()(VIDEOS)
    assert features.shape == (3, 512) and probabilities is None
    expected = np.stack([RandomConv()(each)[0].mean(axis=0) for each in VIDEOS])
    np.testing.assert_allclose(features[:, :256], expected, rtol=1e-4, atol=1e-4)


def test_the_order_of_frames_shows_in_the_other():
    backwards = VideoConv()(VIDEOS[:, ::-1])[0]
    features = VideoConv()(VIDEOS)[0]
    np.testing.assert_allclose(features[:, :256], backwards[:, :256], rtol=1e-4, atol=1e-4)
    assert np.abs(features[:, 256:] - backwards[:, 256:]).max() > 0.1


def test_differences_are_gray_where_nothing_changes():
    videos = np.array([0, 0, 255, 100], np.uint8).reshape(1, 4, 1, 1, 1)
    assert np.asarray(differences(tf.constant(videos))).ravel().tolist() == [127, 255, 50]
    assert np.asarray(differences(tf.constant(videos[:, :1]))).ravel().tolist() == [127]
