"""Color in Lab as a layer, and the networks that end with it."""

import dataclasses

import keras
import numpy as np
import pytest

from gan_tf.data.cie_lab import lab_of_rgb
from gan_tf.errors import UserError
from gan_tf.networks import build
from gan_tf.networks.color import LightnessColor
from gan_tf.networks.unet import UNet

RED = (53.24, 80.09, 67.20)


def spec(source, target, color="lab"):
    return build.NetworkSpec(UNet(width=4), target, 0, source_shape=source, color=color)


def test_red_by_hand():
    """Its gray is 127.06 of 255."""
    gray = np.full((1, 2, 2, 1), 127.06 / 127.5 - 1, np.float32)
    ab = np.full((1, 2, 2, 2), np.array(RED[1:]) / 110, np.float32)
    made = LightnessColor()([gray, ab])
    np.testing.assert_allclose(
        (np.asarray(made) + 1) * 127.5, np.full((1, 2, 2, 3), (255, 0, 0)), atol=2
    )


def test_the_layer_is_restored_from_its_config():
    layer = LightnessColor(dtype="float32", name="colors")
    copy = LightnessColor.from_config(layer.get_config())
    assert (copy.name, copy.compute_dtype) == ("colors", "float32")
    assert layer.compute_output_shape([(None, 4, 4, 1), (None, 4, 4, 2)]) == (None, 4, 4, 3)


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_a_translator_to_ab_keeps_the_lightness_of_its_source(policy):
    keras.config.set_dtype_policy(policy)
    try:
        network = build.translator(spec((16, 16, 1), (16, 16, 3)))
        whole = build.translator(dataclasses.replace(spec((16, 16, 1), (16, 16, 3)), any_size=True))
    finally:
        keras.config.set_dtype_policy("float32")
    assert network.output_shape == (None, 16, 16, 3) and network.output.dtype == "float32"
    assert network.name == "generator"
    source = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 1)).astype(np.float32)
    made = network(source).numpy()
    assert made.min() >= -1 and made.max() <= 1 and np.ptp(made, axis=-1).max() > 0.005
    lightness = lab_of_rgb(np.repeat(source, 3, axis=-1))[..., 0]
    np.testing.assert_allclose(lab_of_rgb(made)[..., 0], lightness, atol=0.05)
    whole.set_weights(network.get_weights())
    np.testing.assert_allclose(whole(source), made, atol=1e-5)
    assert whole(np.zeros((1, 32, 16, 1), np.float32)).shape == (1, 32, 16, 3)


@pytest.mark.parametrize(
    "source, target",
    [((16, 16, 3), (16, 16, 3)), ((16, 16, 1), (16, 16, 1)), ((8, 8, 1), (16, 16, 3))],
)
def test_other_channels_or_sizes_are_refused(source, target):
    with pytest.raises(UserError, match="color in Lab needs sources of 1 channel and targets of 3"):
        build.translator(spec(source, target))
    assert build.translator(spec(source, target, "rgb")).output_shape[1:] == target
