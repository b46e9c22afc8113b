"""TGAN: a latent for each frame, made by transposed convolutions over time."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.networks.tgan import TGAN


@pytest.mark.parametrize("frames, doublings", [(16, 4), (5, 3), (1, 0)])
def test_the_series_of_latents_doubles_until_it_is_long_enough(frames, doublings):
    network = TGAN(width=4).generator((frames, 28, 28, 1), 6)
    up = [each for each in network.layers if isinstance(each, layers.Conv1DTranspose)]
    assert [each.filters for each in up] == [16, 8, 8, 8][:doublings]
    assert [each.output.shape[1] for each in up] == [2, 4, 8, 16][:doublings]
    assert network.output_shape == (None, frames, 28, 28, 1)


def test_frames_differ_and_depend_on_the_whole_latent():
    keras.utils.set_random_seed(0)
    network = TGAN(width=4).generator((5, 28, 28, 1), 6)
    for weight in network.trainable_variables:
        weight.assign_add(keras.random.normal(weight.shape, stddev=0.1))
    latents = np.random.default_rng(0).standard_normal((2, 6)).astype(np.float32)
    videos = np.asarray(network(latents, training=True))
    for axis in (0, 1):
        assert np.abs(np.diff(videos, axis=axis)).max(axis=(2, 3, 4)).min() > 1e-3


def test_frames_differ_before_training():
    """Of residual networks, whose frames show how much their vectors differ."""
    keras.utils.set_random_seed(0)
    network = TGAN(width=16).generator((16, 28, 28, 1), 50)
    latents = np.random.default_rng(0).standard_normal((16, 50)).astype(np.float32)
    videos = np.asarray(network(latents, training=True))
    within, among = (videos.std(axis=axis).mean() for axis in (1, 0))
    assert within > among / 4
