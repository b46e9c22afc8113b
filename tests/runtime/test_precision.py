"""What --precision=auto resolves to."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.latents.priors import Uniform
from gan_tf.networks import build
from gan_tf.networks.stylegan2 import StyleGAN2
from gan_tf.runtime import precision


@pytest.mark.parametrize(
    "flags, expected",
    [
        ("avx512_bf16", "mixed_bfloat16"),
        ("amx_tile amx_bf16", "mixed_bfloat16"),
        ("avx2 avx512f", "float32"),
        (None, "float32"),
    ],
)
def test_auto_takes_bfloat16_where_the_cpu_computes_in_it(machine, flags, expected):
    machine(flags)
    assert precision.resolve("auto") == expected


@pytest.mark.parametrize(
    "capability, expected",
    [((6, 1), "float32"), ((7, 0), "mixed_float16"), ((9, 0), "mixed_float16")],
)
def test_auto_takes_float16_on_a_gpu_with_tensor_cores(machine, monkeypatch, capability, expected):
    machine("avx512_bf16", gpus=["GPU:0"])
    details = {"compute_capability": capability}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details)
    assert precision.resolve("auto") == expected


def test_auto_is_float32_on_a_gpu_that_tells_nothing(machine, monkeypatch):
    machine("avx512_bf16", gpus=["GPU:0"])
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: {})
    assert precision.resolve("auto") == "float32"


def test_anything_else_is_taken_at_its_word(machine):
    machine("avx512_bf16")
    assert precision.resolve("float32") == "float32"


@pytest.mark.parametrize("options", [{}, {"prior": Uniform()}])
def test_a_copy_computes_in_another_dtype(options):
    spec = build.NetworkSpec(
        StyleGAN2(width=2, max_width=4, style_dim=3), (28, 28, 1), 5, **options
    )
    keras.utils.set_random_seed(0)
    with precision.policy("mixed_bfloat16"):
        half = build.generator(spec)
    keras.utils.set_random_seed(1)
    whole = build.generator(spec)
    whole.set_weights(half.get_weights())
    latents = keras.random.normal((3, 5), seed=0)
    found = precision.computing_in(half, "float32")(latents)
    np.testing.assert_array_equal(found, whole(latents))
    assert np.any(found != np.asarray(half(latents)))
    twice = precision.computing_in(half, "float64")(latents)
    assert twice.dtype == "float64" and 0 < np.abs(twice - np.asarray(found)).max() < 1e-5
