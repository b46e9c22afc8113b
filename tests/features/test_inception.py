"""InceptionV3, with random weights in a file like Keras's."""

import functools

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.features.inception import Inception, InceptionClean

NAMES = (
    "inception_v3_weights_tf_dim_ordering_tf_kernels.h5",
    "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
)


@pytest.fixture(scope="module")
def made(inception_files):
    """An extractor, from the file that is "top" or "notop"; to make one takes seconds."""
    return functools.cache(lambda kind, name: kind(str(inception_files[name])))


def assert_refused(path):
    with pytest.raises(UserError) as caught:
        Inception(str(path))
    for words in (str(path), *NAMES, "https://storage.googleapis.com/"):
        assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused_with_where_to_get_it(tmp_path):
    assert_refused(tmp_path / "none.h5")
    assert_refused(tmp_path)


def test_a_file_of_anything_else_is_refused(tmp_path):
    for name, content in (("text.h5", b"<html>Not found</html>"), ("empty.h5", b"")):
        (tmp_path / name).write_bytes(content)
        assert_refused(tmp_path / name)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*HDF5")
def test_a_file_of_another_network_is_refused(tmp_path):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.save(tmp_path / "other.h5")
    model.save_weights(tmp_path / "other.weights.h5")
    assert_refused(tmp_path / "other.h5")
    assert_refused(tmp_path / "other.weights.h5")


@pytest.mark.slow
def test_with_top_it_classifies_and_without_it_does_not(made):
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 1), np.uint8)
    top = made(Inception, "top")
    features, probabilities = top(images)
    assert top.classifies
    assert features.shape == (2, 2048) and probabilities.shape == (2, 1000)

    notop = made(Inception, "notop")
    features, probabilities = notop(images)
    assert notop.classifies is False
    assert features.shape == (2, 2048) and probabilities is None
    assert notop.digest != top.digest


@pytest.mark.slow
def test_features_are_those_of_keras(inception_files, made):
    images = np.random.default_rng(0).integers(0, 256, (2, 299, 299, 3), np.uint8)
    model = keras.applications.InceptionV3(
        include_top=False, weights=str(inception_files["notop"]), pooling="avg"
    )
    expected = model(keras.applications.inception_v3.preprocess_input(np.float32(images)))
    features, _ = made(Inception, "notop")(images)
    np.testing.assert_allclose(features, expected, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("size", [64, 400])
def test_both_ways_of_resizing_differ(made, size):
    images = np.random.default_rng(0).integers(0, 256, (2, size, size, 3), np.uint8)
    plain, clean = made(Inception, "notop"), made(InceptionClean, "notop")
    assert (plain.name, clean.name) == ("inception", "inception_clean")
    assert plain.digest != clean.digest
    first, second = plain(images)[0], clean(images)[0]
    assert np.abs(first - second).max() > 0.01 * np.abs(first).max()
