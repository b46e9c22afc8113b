"""VGG19, with random weights in a file like Keras's."""

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.features.extractor import scale
from gan_tf.features.vgg19 import VGG19


@pytest.mark.slow
def test_the_map_and_the_features_are_those_of_keras(vgg19_file):
    images = np.random.default_rng(0).integers(0, 256, (2, 48, 32, 3), np.uint8)
    model = keras.applications.VGG19(include_top=False, weights=str(vgg19_file))
    last = keras.Model(model.input, model.get_layer("block5_conv4").output)
    expected = last(keras.applications.vgg19.preprocess_input(np.float32(images)))
    extract = VGG19(str(vgg19_file))
    (found,) = extract.maps(scale(images))
    assert found.shape == (2, 3, 2, 512) and np.min(found) < 0  # before ReLU
    np.testing.assert_allclose(np.maximum(found, 0), expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(
        extract(images)[0], np.mean(expected, axis=(1, 2)), rtol=1e-3, atol=1e-4
    )


@pytest.mark.slow
def test_small_images_are_refused(vgg19_file):
    with pytest.raises(UserError, match="images of 16 pixels or more, and these have 15"):
        VGG19(str(vgg19_file)).check((32, 15, 3))


@pytest.mark.slow
def test_a_file_of_another_network_is_refused(inception_files):
    with pytest.raises(UserError, match="has no VGG19 weights: download https"):
        VGG19(str(inception_files["notop"]))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"none\.h5' of vgg19 does not exist: download https"):
        VGG19(str(tmp_path / "none.h5"))
