"""The network of random weights."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.features.extractor import scale
from gan_tf.features.random_conv import RandomConv


def test_weights_are_the_same_everywhere():
    extract = RandomConv()
    assert extract.digest == "2e09c802f457"
    assert [kernel.shape for kernel in extract.kernels] == [
        (3, 3, 3, 16),
        (3, 3, 16, 48),
        (3, 3, 48, 64),
    ]


@pytest.mark.parametrize("shape", [(1, 1, 1), (28, 28, 1), (33, 20, 3), (128, 128, 3)])
def test_takes_images_of_any_kind(shape):
    images = np.random.default_rng(0).integers(0, 256, (2, *shape), np.uint8)
    features, _ = RandomConv()(images)
    assert features.shape == (2, 256)
    assert np.isfinite(features).all()


def test_deviations_are_the_plain_root_and_have_derivatives_without_variance():
    """Of a constant image, the first maps have no variance away from the border; of black, none at all."""
    extract = RandomConv()
    images = np.random.default_rng(0).integers(0, 256, (3, 16, 16, 3), np.uint8)
    images[1], images[2] = 127, 0
    features = []
    for each in extract.maps(scale(images)):
        mean, variance = tf.nn.moments(each, (1, 2))
        features += [mean, tf.sqrt(variance)]
    np.testing.assert_array_equal(extract.compute(images)[0], 10 * tf.concat(features, 1))
    constant = tf.zeros((1, 16, 16, 3))
    with tf.GradientTape() as tape:
        tape.watch(constant)
        found, _ = extract.compute(constant)  # 0 here is black to `scale`
    assert np.isfinite(tape.gradient(found, constant)).all()


def test_gray_is_gray_rgb():
    gray = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 1), np.uint8)
    extract = RandomConv()
    np.testing.assert_allclose(extract(gray)[0], extract(gray.repeat(3, -1))[0], atol=1e-4)


def test_tells_images_from_blurred_ones():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (40, 28, 28, 1), np.uint8)
    blurred = images.reshape(40, 14, 2, 14, 2, 1).mean((2, 4)).repeat(2, 1).repeat(2, 2)
    features = RandomConv()(images)[0]
    far = np.abs(features.mean(0) - RandomConv()(np.uint8(blurred))[0].mean(0)).max()
    near = np.abs(features[:20].mean(0) - features[20:].mean(0)).max()
    assert far > 10 * near
