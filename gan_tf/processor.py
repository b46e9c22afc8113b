"""What this machine computes with."""

import functools
import pathlib

import tensorflow as tf


@functools.cache
def kind():
    """Returns the fastest unit of this machine that the project knows.

    Returns:
        "gpu"; "amx_bf16" or "avx512_bf16" on a CPU that multiplies bfloat16 in such a unit;
        else "cpu".
    """
    if tf.config.list_physical_devices("GPU"):
        return "gpu"
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return "cpu"
    return next((unit for unit in ("amx_bf16", "avx512_bf16") if unit in flags), "cpu")
