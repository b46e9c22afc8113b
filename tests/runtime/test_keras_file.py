""".keras files of any origin: none takes memory that its size does not explain."""

import zipfile

import keras
import numpy as np
import pytest

from gan_tf.runtime import keras_file


@pytest.fixture
def path(tmp_path):
    inputs = keras.Input((4, 4, 3))
    x = keras.layers.Conv2D(2, 3)(inputs)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.UpSampling2D(2)(x)
    model = keras.Model(inputs, keras.layers.Dense(3)(keras.layers.GlobalAveragePooling2D()(x)))
    model.compile("adam", "mse")
    model.save(tmp_path / "model.keras")
    return tmp_path / "model.keras"


def edited(path, edit):
    """Changes the configuration in a file."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["config.json"] = edit(parts["config.json"].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_model_is_loaded_with_its_weights(path):
    model, content = keras_file.load(path, 10)
    assert content == path.read_bytes()
    for mine, theirs in zip(model.get_weights(), keras.saving.load_model(path).get_weights()):
        np.testing.assert_array_equal(mine, theirs)


def test_more_weights_than_the_file_has_are_refused_before_they_take_memory(path):
    edited(path, lambda text: text.replace('"units": 3', '"units": 1000000000'))
    with pytest.raises(ValueError, match="describes 3,000,000,064 weights and has 75"):
        keras_file.load(path, 10)


def test_gigantic_outputs_are_refused(path):
    edited(path, lambda text: text.replace('"size": [2, 2]', '"size": [200000, 200000]'))
    with pytest.raises(ValueError, match="makes 320,000,000,000 values"):
        keras_file.load(path, 10)


def test_outputs_that_fit_for_one_sample_but_not_for_many_are_refused(path):
    # 65,536 x 4 x 4 x 2 values of 4 bytes are 8 MB; of a million samples, 8 TB.
    edited(path, lambda text: text.replace('"size": [2, 2]', '"size": [256, 256]'))
    assert keras_file.load(path, 1)
    with pytest.raises(ValueError, match="makes 524,288 values of each sample"):
        keras_file.load(path, 4_000_000)


def test_code_is_refused(tmp_path):
    inputs = keras.Input((4,))
    layer = keras.layers.Lambda(lambda x: x, output_shape=(4,))
    keras.Model(inputs, layer(inputs)).save(tmp_path / "code.keras")
    with pytest.raises(ValueError, match="Lambda"):
        keras_file.load(tmp_path / "code.keras", 10)
