"""Which unit of a machine is the fastest."""

import pytest
import tensorflow as tf

from gan_tf.runtime import device


@pytest.mark.parametrize(
    "flags, unit",
    [
        ("avx512_bf16", "avx512_bf16"),
        ("avx512_bf16 amx_tile amx_bf16", "amx_bf16"),
        ("avx2 avx512f", "cpu"),
        (None, "cpu"),  # a system without /proc/cpuinfo
    ],
)
def test_a_cpu_is_known_by_its_flags(machine, flags, unit):
    machine(flags)
    assert device.kind() == unit


@pytest.mark.parametrize(
    "details, unit",
    [
        ([{"compute_capability": (7, 0)}] * 2, "tensor_cores"),
        ([{"compute_capability": (9, 0)}, {"compute_capability": (6, 1)}], "gpu"),
        ([{}], "gpu"),
    ],
)
def test_gpus_have_tensor_cores_where_all_of_them_have(machine, monkeypatch, details, unit):
    machine("amx_bf16", gpus=range(len(details)))
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda gpu: details[gpu])
    assert device.kind() == unit
