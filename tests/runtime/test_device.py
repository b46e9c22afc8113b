"""Which unit of a machine is the fastest."""

import pytest
import tensorflow as tf

from gan_tf.runtime import device


@pytest.mark.parametrize(
    "flags, unit",
    [
        ("avx512_bf16", "avx512_bf16"),
        ("avx512_bf16 amx_tile amx_bf16", "amx_bf16"),
        ("avx2 avx512f", "avx2"),
        ("sse4_2 avx", "cpu"),
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


def test_a_processor_is_named_with_its_revision_and_cores(machine, monkeypatch):
    monkeypatch.setattr(device.os, "sched_getaffinity", lambda _: {0, 3}, raising=False)
    machine("x\nmodel\t: 17\nmodel name : A CPU\nstepping: 1\n\nmodel name : the next core\nx :")
    assert device.processor() == "A CPU ? 17 1 with 2 cores"
    machine(None)  # a system without /proc/cpuinfo
    monkeypatch.setattr(device.platform, "processor", lambda: "arm")
    monkeypatch.setattr(device.platform, "machine", lambda: "arm64")
    assert device.processor() == "arm arm64 with 2 cores"
    monkeypatch.setattr(device.platform, "processor", lambda: "")
    for part in ("0xd0c", "0xd40"):  # of ARM, whose cpuinfo has no model name: Neoverse N1 and V1
        facts = (
            "CPU implementer\t: 0x41",
            "CPU variant\t: 0x3",
            f"CPU part\t: {part}",
            "CPU revision: 1",
        )
        machine("\n".join(["x", *facts, "x :"]))
        assert device.processor() == f"arm64 0x41 0x3 {part} 1 with 2 cores"
