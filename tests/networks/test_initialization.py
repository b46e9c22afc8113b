"""Initial weights of DCGAN, pix2pix and CycleGAN, and of residual networks."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.networks import initialization


def test_kernels_are_from_a_normal_distribution_and_differ():
    kernels = []
    for use_bias in (True, False):
        layer = layers.Conv2D(64, 4, **initialization.linear(use_bias))
        layer.build((None, 8, 8, 64))
        assert len(layer.weights) == 1 + use_bias
        kernels.append(np.asarray(layer.kernel))
    assert np.all(np.mean(kernels, axis=(1, 2, 3, 4)) == pytest.approx(0, abs=3e-4))
    assert np.std(kernels, axis=(1, 2, 3, 4)) == pytest.approx([0.02, 0.02], rel=0.02)
    assert np.all(kernels[0] != kernels[1])


@pytest.mark.parametrize("channels", [8, 256])
def test_scaled_kernels_double_the_variance_whatever_the_width(channels):
    keras.utils.set_random_seed(0)
    x = np.random.default_rng(0).standard_normal((8, 12, 12, channels)).astype(np.float32)
    layer = layers.Conv2D(channels, 4, **initialization.scaled(True))
    assert np.var(layer(x)) == pytest.approx(2, rel=0.15)
    assert len(layer.weights) == 2
    assert not layers.Conv2D(channels, 4, **initialization.scaled(False)).use_bias


def test_batch_norm_scales_by_about_one():
    layer = layers.BatchNormalization(**initialization.batch_norm())
    layer.build((None, 4, 4, 4096))
    gamma = np.asarray(layer.gamma)
    assert gamma.mean() == pytest.approx(1, abs=2e-3)
    assert gamma.std() == pytest.approx(0.02, rel=0.05)
    assert (layer.momentum, layer.epsilon) == (0.9, 1e-5)
    assert not np.any(layer.beta)
