"""What every feature extractor promises, and the tools they share."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.features import extractor, inception
from gan_tf.registry import FEATURES

SHAPES = {
    "celeb_a_attributes": [(64, 64, 3), (32, 32, 3)],
    "mnist_classifier": [(28, 28, 1), (64, 64, 1)],
    "glyph_classifier": [(28, 28, 1), (64, 64, 1)],
    "vgg19": [(28, 28, 1)],
    "inception": [(28, 28, 1)],  # it enlarges all
    "inception_clean": [(64, 64, 3)],
    "ngrams": [(20,), (2,)],
    "log_spectrum": [(300, 1), (1500, 1)],
    "spoken_digit_classifier": [(300, 1), (8000, 1)],
    "video_conv": [(4, 16, 16, 3), (1, 12, 12, 1)],
    "moving_glyph_classifier": [(4, 32, 32, 1), (1, 64, 64, 1)],
    "moving_mnist_classifier": [(4, 32, 32, 1)],
}
ANY = [(28, 28, 1), (32, 32, 3), (64, 64, 3)]
SLOW = ("inception", "inception_clean", "vgg19")
CASES = [
    pytest.param(name, shape, marks=[pytest.mark.slow] if name in SLOW else [])
    for name in FEATURES.names()
    for shape in SHAPES.get(name, ANY)
]


@pytest.fixture(scope="module")
def build(tmp_path_factory, request):
    """Builds an extractor for images of a shape, under mixed precision, as a run would, once.

    Inception's images have the smallest size of its network, of which the results do not depend here.
    """
    folder = tmp_path_factory.mktemp("extractors")

    @functools.cache
    def build(name, shape):
        available = {"image_shape": shape, "num_images": 100}
        if name == "vgg19":
            available["path"] = str(request.getfixturevalue("vgg19_file"))
        elif name in SLOW:
            files = request.getfixturevalue("inception_files")
            available["inception_weights"] = str(files["top"])
        if name == "keras_model":
            available["path"] = str(folder / "model.keras")
            images = keras.Input((None, None, shape[-1]))
            x = keras.layers.Conv2D(5, 3, activation="relu")(images)
            keras.Model(images, keras.layers.GlobalAveragePooling2D()(x)).save(available["path"])
        keras.config.set_dtype_policy("mixed_bfloat16")
        try:
            return FEATURES.build(name, available)
        finally:
            assert keras.config.dtype_policy().name == "mixed_bfloat16"
            keras.config.set_dtype_policy("float32")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inception, "_SIZE", (75, 75))
        yield build


def pictures(count, shape):
    """Smooth ones and noise by turns; of one dimension, tokens; of two, sound; of four, videos."""
    random = np.random.default_rng(0)
    if len(shape) == 1:
        return random.integers(0, 50, (count, *shape), np.int32)
    if len(shape) == 2:
        return random.integers(-30_000, 30_000, (count, *shape), np.int16)
    if len(shape) == 4:
        frames = pictures(count * shape[0], shape[1:])
        return frames.reshape(count, *shape)
    noise = random.integers(0, 256, (count, *shape), np.uint8)
    smooth = tf.image.resize(noise[:, :4, :4], shape[:2], "bicubic").numpy()
    noise[::2] = np.clip(smooth, 0, 255).astype(np.uint8)[::2]
    return noise


@pytest.mark.parametrize("name, shape", CASES)
def test_contract(build, monkeypatch, name, shape):
    extract = build(name, shape)
    images = pictures(5, shape)
    features, probabilities = extract(images)

    assert extract.name == name
    assert len(extract.digest) == 12 and int(extract.digest, 16) >= 0
    assert features.dtype == np.float32 and features.shape[0] == 5 and features.ndim == 2
    assert np.isfinite(features).all()
    assert len(np.unique(features.round(5), axis=0)) == 5
    if extract.classifies:
        assert probabilities.dtype == np.float32 and probabilities.shape[0] == 5
        assert probabilities.min() >= 0
        np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-5)
    else:
        assert extract.classifies is False
        assert probabilities is None

    # Neither the size of a batch nor what else is in it matters, nor where it is cut.
    alone = np.concatenate([extract(image[None])[0] for image in images])
    np.testing.assert_allclose(alone, features, atol=1e-4)
    monkeypatch.setattr(extract, "batch_size", 2)
    np.testing.assert_allclose(extract(images)[0], features, atol=1e-4)


@pytest.mark.parametrize("name, shape", {each.values[0]: each for each in CASES}.values())
def test_computes_in_float32_under_mixed_precision(build, name, shape):
    exact = build(name, shape)
    images = pictures(3, shape)
    features, _ = exact(images)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        np.testing.assert_array_equal(exact(images)[0], features)
    finally:
        keras.config.set_dtype_policy("float32")
    for layer in getattr(getattr(exact, "model", None), "layers", ()):
        assert layer.compute_dtype == "float32"


@pytest.mark.parametrize(
    "name, shape",
    [each for each in CASES if FEATURES.entries[each.values[0]].attributes["inner_maps"]],
)
def test_inner_maps_tell_images_apart_and_have_finite_derivatives(build, name, shape):
    extract = build(name, shape)
    images = extractor.scale(pictures(3, shape)).numpy()
    images[0] = 0.5  # all pixels alike
    with tf.GradientTape() as tape:
        seen = tf.constant(images)
        tape.watch(seen)
        maps = extract.maps(seen)
        total = tf.add_n([tf.reduce_sum(tf.square(each)) for each in maps])
    assert all(each.shape[0] == 3 and len(each.shape) == 4 for each in maps)
    assert all(np.std(each[1] - each[2]) > 0 for each in maps)
    gradient = tape.gradient(total, seen).numpy()
    assert np.isfinite(gradient).all() and np.abs(gradient).max(axis=(1, 2, 3)).all()


def test_digests_differ(build):
    names = set(FEATURES.names()) - set(SLOW)
    digests = {build(name, SHAPES.get(name, ANY)[0]).digest for name in names}
    assert len(digests) == len(names)


def test_what_classifies_can_be_read_without_tensorflow():
    found = {name: entry.attributes["classifies"] for name, entry in FEATURES.entries.items()}
    for name in ("mnist_classifier", "glyph_classifier", "spoken_digit_classifier"):
        assert found.pop(name) is True
    assert found.pop("moving_mnist_classifier") is found.pop("moving_glyph_classifier") is True
    assert found.pop("inception") is found.pop("inception_clean") is None  # as the file is
    assert not any(found.values())


@pytest.mark.parametrize(
    "name, shape, words",
    [
        ("mnist_classifier", (28, 28, 3), "only grayscale images, and these are RGB"),
        ("celeb_a_attributes", (64, 64, 1), "only RGB images, and these are grayscale"),
    ],
)
def test_images_of_the_wrong_kind_are_refused_early_and_late(name, shape, words):
    with pytest.raises(UserError, match=f"{words}: choose --features=random_conv"):
        FEATURES.build(name, {"image_shape": shape})
    with pytest.raises(UserError, match=words):
        FEATURES.build(name)(np.zeros((1, *shape), np.uint8))


def test_the_policy_is_restored_after_an_error():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        with pytest.raises(ValueError), extractor.float32():
            assert keras.config.dtype_policy().name == "float32"
            raise ValueError
        assert keras.config.dtype_policy().name == "mixed_bfloat16"
    finally:
        keras.config.set_dtype_policy("float32")


def test_resize_keeps_values_and_range():
    images = pictures(2, (8, 8, 3))
    np.testing.assert_array_equal(extractor.resize(images, (8, 8)), images)
    for method in ("bilinear", "bicubic"):
        resized = extractor.resize(images, (5, 11), method).numpy()
        assert resized.shape == (2, 5, 11, 3) and resized.dtype == np.float32
        assert resized.min() >= 0 and resized.max() <= 255


def test_scale_and_rgb():
    ends = np.array([0, 255], np.uint8).reshape(1, 1, 2, 1)
    np.testing.assert_array_equal(extractor.scale(ends).numpy().ravel(), [-1, 1])
    np.testing.assert_array_equal(extractor.rgb(ends), np.repeat(ends, 3, -1))
    assert extractor.rgb(np.zeros((1, 2, 2, 3))).shape == (1, 2, 2, 3)
