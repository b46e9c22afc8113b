"""Every network from an image to an image: sizes, weights, precision, options, saving."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks import build
from gan_tf.networks.translator import Size, enlarged
from gan_tf.registry import ARCHITECTURES
from tests.architectures import taking, together

NAMES = taking("example")
SMALL = {"width": 4, "blocks": 1, "growth": 2}
VALUES = {
    "generator_norm": ("batch", "instance", "layer", "none"),
    "spectral_norm": ("generator",),
    "upsampling": ("transposed", "pixel_shuffle", "nearest", "bilinear"),
    "generator_activation": ("gelu", "prelu"),
    "dropout": (0.0, 0.2),
    "residual": (False,),
}


def small(name, **options):
    known = {each.name for each in ARCHITECTURES.entry(name).arguments}
    given = {key: value for key, value in (SMALL | options).items() if key in known}
    arguments = ", ".join(f"{key}={value!r}" for key, value in given.items())
    return ARCHITECTURES.build(f"{name}({arguments})")


def cases():
    for name in NAMES:
        entry = ARCHITECTURES.entry(name)
        values = VALUES | {"generator_norm": entry.attributes["norms"]}
        for options in together(entry.arguments, values):
            yield pytest.param(name, options, id=f"{name}-{options}")


def images(shape, count=3):
    values = np.random.default_rng(0).uniform(-1, 1, (count, *shape))
    return values.astype(np.float32)


def test_there_are_translators():
    assert NAMES == ["resnet_translator", "rrdb", "srresnet", "unet"]


@pytest.mark.parametrize(
    "source, target",
    [
        ((28, 28, 1), (28, 28, 3)),
        ((7, 7, 1), (28, 28, 1)),
        ((30, 21, 4), (30, 21, 3)),
        ((16, 24, 3), (32, 48, 3)),
        ((8, 8, 1), (64, 64, 3)),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_an_output_has_the_targets_shape_and_depends_on_its_source_alone(name, source, target):
    network = small(name).translator(source, target)
    sources = images(source)
    outputs = np.asarray(network(sources))
    assert outputs.shape == (3, *target) and outputs.dtype == np.float32
    if name in ("unet", "resnet_translator"):  # others are linear
        assert np.abs(outputs).max() <= 1
    alone = np.asarray(network(sources[1:2]))
    np.testing.assert_allclose(alone, outputs[1:2], atol=2e-6)
    assert np.any(np.abs(outputs[0] - outputs[1]) > 1e-4)


@pytest.mark.parametrize("name, options", cases())
def test_weights_fit_any_size_and_gradients_reach_them(name, options):
    keras.utils.set_random_seed(0)
    architecture, size = small(name, **options), Size(11, 14, 2)
    fixed = architecture.translator((11, 14, 3), (22, 28, 3))
    free = architecture.translator((None, None, 3), (None, None, 3), size)
    check_equal(fixed, free)
    assert free(images((20, 36, 3))).shape == (3, 40, 72, 3)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.square(fixed(images((11, 14, 3)), training=True)))
    weights = fixed.trainable_variables
    for weight, gradient in zip(weights, tape.gradient(loss, [each.value for each in weights])):
        assert gradient is not None and np.any(gradient), weight.path


@pytest.mark.parametrize("shape", [(28, 28, 1), (9, 15, 4)])
@pytest.mark.parametrize("name", NAMES)
def test_weights_fit_any_size_by_default(name, shape):
    architecture = small(name)
    fixed = architecture.translator(shape, (*shape[:2], 3))
    free = architecture.translator((None, None, shape[-1]), (None, None, 3), Size(*shape[:2]))
    check_equal(fixed, free)


def check_equal(fixed, free):
    """That a network of any size has the weights and outputs of a fixed one."""
    channels = fixed.input_shape[-1]
    assert free.input_shape == (None, None, None, channels)
    assert free.output_shape == (None, None, None, 3)
    free.set_weights(fixed.get_weights())
    sources = images(fixed.input_shape[1:])
    traced = tf.function(
        free, input_signature=[tf.TensorSpec((None, None, None, channels), tf.float32)]
    )
    np.testing.assert_allclose(traced(sources), fixed(sources), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("upsampling", ["pixel_shuffle", "bilinear"])
def test_networks_of_any_size_are_saved_and_loaded(name, upsampling, tmp_path):
    architecture = small(name, upsampling=upsampling)
    network = architecture.translator((None, None, 1), (None, None, 1), Size(7, 7, 4))
    network.save(tmp_path / "network.keras")
    loaded = keras.models.load_model(tmp_path / "network.keras")
    sources = images((9, 12, 1))
    np.testing.assert_array_equal(loaded(sources), network(sources))


@pytest.mark.parametrize("name", NAMES)
def test_mixed_precision_ends_in_float32(name):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        network = small(name).translator((7, 7, 3), (28, 28, 3))
    finally:
        keras.config.set_dtype_policy("float32")
    outputs = network(images((7, 7, 3)))
    assert outputs.dtype == "float32"
    assert any(layer.compute_dtype == "bfloat16" for layer in network.layers)


@pytest.mark.parametrize("name", NAMES)
def test_dropout_is_in_training_only(name):
    network = small(name, dropout=0.5).translator((16, 16, 3), (16, 16, 3))
    sources = images((16, 16, 3))
    np.testing.assert_array_equal(network(sources), network(sources))
    trained = [np.asarray(network(sources, training=True)) for _ in range(2)]
    assert np.any(trained[0] != trained[1]) == hasattr(small(name), "dropout")


@pytest.mark.parametrize(
    "name, option, value, words",
    [
        ("unet", "dropout", 1.0, "UNet with dropout=1.0: it must be 0 or more, below 1"),
        ("resnet_translator", "blocks", -1, "ResNetTranslator cannot have -1 blocks"),
        ("srresnet", "width", 0, "--width=0 is too small"),
        ("rrdb", "growth", 0, "rrdb(growth=0): it must be 1 or more"),
        ("unet", "generator_norm", "virtual_batch", "UNet has no normalization 'virtual_batch'"),
    ],
)
def test_arguments_out_of_range_are_refused(name, option, value, words):
    with pytest.raises(UserError) as error:
        small(name, **{option: value})
    assert words in str(error.value)


def test_the_size_of_training():
    assert Size.of((7, 9, 3), (28, 36, 1)) == Size(7, 9, 4)
    assert Size(7, 9, 4).of_target() == Size(28, 36)
    for target in ((14, 27, 3), (6, 9, 3), (15, 18, 3)):
        with pytest.raises(ValueError, match="not a whole number of times as large as its source"):
            Size.of((7, 9, 3), target)


def test_the_common_power_of_two_of_both_sides():
    sizes = [(64, 64), (28, 28), (96, 64), (30, 21), (256, 512)]
    assert [Size(*each).multiple(8) for each in sizes] == [64, 4, 32, 1, 256]
    assert Size(512, 512).multiple(2) == 4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [Size(28, 28), Size(7, 7, 4), Size(64, 96), Size(12, 12, 3)])
def test_sources_of_training_are_of_the_multiple(name, size):
    multiple = small(name).multiple(size)
    assert size.height % multiple == size.width % multiple == 0


def test_enlarging_interpolates_between_the_centers_of_pixels():
    pixels = np.array([[0.0, 1.0]], np.float32)[..., None, None]  # two pixels, one below the other
    enlargement = np.asarray(enlarged(tf.constant(pixels.reshape(1, 2, 1, 1)), 2))
    np.testing.assert_allclose(enlargement[0, :, 0, 0], [0, 0.25, 0.75, 1])
    same = tf.constant(pixels)
    assert enlarged(same, 1) is same


def test_a_spec_builds_for_its_size_and_for_any():
    spec = build.NetworkSpec(
        small("unet"), sample_shape=(28, 28, 3), latent_dim=0, source_shape=(28, 28, 1)
    )
    assert build.translator(spec).input_shape == (None, 28, 28, 1)
    assert build.translator(dataclasses.replace(spec, any_size=True)).output_shape == (
        None,
        None,
        None,
        3,
    )


def test_a_spec_of_another_factor_is_refused():
    spec = build.NetworkSpec(
        small("srresnet"), sample_shape=(21, 21, 3), latent_dim=0, source_shape=(7, 7, 3)
    )
    with pytest.raises(UserError, match="it enlarges 1, 2, 4 or 8 times, not 3"):
        build.translator(spec)
