"""A model of the user's as features."""

import pathlib

import keras
import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.registry import FEATURES


def saved(folder, inputs, outputs):
    path = folder / "model.keras"
    keras.Model(inputs, outputs).save(path)
    return path


def build(path, **available):
    return FEATURES.build(f"keras_model('{path}')", available)


def images(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def test_sees_images_from_minus_1_to_1_and_is_flattened(tmp_path):
    inputs = keras.Input((8, 8, 3))
    path = saved(tmp_path, inputs, keras.layers.ReLU()(inputs))
    batch = images(4, 8, 8, 3)
    features, probabilities = build(path)(batch)
    expected = np.maximum(np.float32(batch) / 127.5 - 1, 0).reshape(4, -1)
    np.testing.assert_allclose(features, expected, atol=1e-6)
    assert probabilities is None


def test_a_fixed_size_is_resized_to_and_a_free_one_is_not(tmp_path):
    fixed = keras.Input((8, 4, 1))
    path = saved(tmp_path, fixed, keras.layers.Flatten()(fixed))
    assert build(path)(images(2, 28, 28, 1))[0].shape == (2, 32)

    free = keras.Input((None, None, 1))
    path = saved(tmp_path, free, keras.layers.MaxPooling2D()(free))
    assert build(path)(images(2, 28, 28, 1))[0].shape == (2, 196)


def test_a_model_of_scalars_and_of_half_precision(tmp_path):
    inputs = keras.Input((8, 8, 1))
    x = keras.layers.GlobalAveragePooling2D(dtype="mixed_bfloat16")(inputs)
    path = saved(tmp_path, inputs, keras.layers.Reshape(())(x))
    features, _ = build(path)(images(3, 8, 8, 1))
    assert features.shape == (3, 1) and features.dtype == np.float32


def test_digest_is_that_of_the_file(tmp_path):
    inputs = keras.Input((8, 8, 1))
    path = saved(tmp_path, inputs, keras.layers.Conv2D(2, 3)(inputs))
    first = build(path).digest
    assert build(path).digest == first
    saved(tmp_path, inputs, keras.layers.Conv2D(2, 3)(inputs))
    assert build(path).digest != first


def test_other_channels_are_refused(tmp_path):
    inputs = keras.Input((None, None, 3))
    path = saved(tmp_path, inputs, keras.layers.GlobalAveragePooling2D()(inputs))
    with pytest.raises(UserError, match="only RGB images, and these are grayscale"):
        build(path, image_shape=(28, 28, 1))
    with pytest.raises(UserError, match="only RGB images, and these are grayscale"):
        build(path)(images(2, 28, 28, 1))


def test_a_missing_file_and_one_of_another_kind_are_refused(tmp_path):
    (tmp_path / "model.h5").write_bytes(b"")
    for name in ("none.keras", "model.h5", "."):
        with pytest.raises(UserError, match=r"is not a \.keras file"):
            build(tmp_path / name)


def test_a_broken_file_is_refused(tmp_path):
    inputs = keras.Input((8, 8, 1))
    path = saved(tmp_path, inputs, keras.layers.Conv2D(2, 3)(inputs))
    content = path.read_bytes()
    for broken in (b"", b"no zip", content[: len(content) // 2]):
        path.write_bytes(broken)
        with pytest.raises(UserError, match="cannot be loaded") as caught:
            build(path)
        assert "\n" not in str(caught.value)


def test_the_code_of_strangers_is_refused(tmp_path):
    marker = str(tmp_path / "marker")  # str: Keras cannot save a Path
    inputs = keras.Input((8, 8, 1))
    layer = keras.layers.Lambda(lambda x: (open(marker, "w").close(), x)[1], output_shape=(8, 8, 1))
    path = saved(tmp_path, inputs, layer(inputs))
    pathlib.Path(marker).unlink(missing_ok=True)
    with pytest.raises(UserError, match="no Lambda, whose code is not run"):
        build(path)
    assert not pathlib.Path(marker).exists()


def test_a_model_of_something_else_is_refused(tmp_path):
    vector, image = keras.Input((3,)), keras.Input((8, 8, 1))
    pooled = keras.layers.GlobalAveragePooling2D()(image)
    both = keras.layers.Concatenate()([vector, pooled])
    for inputs, outputs in (
        (vector, keras.layers.Dense(2)(vector)),
        ([vector, image], both),
        (image, [pooled, keras.layers.Flatten()(image)]),
    ):
        with pytest.raises(UserError, match="one batch of images to one output"):
            build(saved(tmp_path, inputs, outputs))


def test_features_that_are_not_finite_are_refused(tmp_path):
    inputs = keras.Input((8, 8, 1))
    sums = keras.layers.Dense(1, kernel_initializer=keras.initializers.Constant(3e38))
    path = saved(tmp_path, inputs, sums(keras.layers.Flatten()(inputs)))
    with pytest.raises(UserError, match="keras_model makes features that are NaN or infinite"):
        build(path)(images(2, 8, 8, 1))
