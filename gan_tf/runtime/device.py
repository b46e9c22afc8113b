"""The compute hardware of this machine."""

import contextlib
import functools
import os
import pathlib
import platform

import tensorflow as tf

_UNITS = ("amx_bf16", "avx512_bf16", "avx2")  # fastest first

# In /proc/cpuinfo, of x86 and of ARM.
_REVISION = ("model name", "cpu family", "model", "stepping")
_ARM_REVISION = ("CPU implementer", "CPU variant", "CPU part", "CPU revision")


@functools.cache
def kind():
    """Returns the fastest known unit of this machine.

    Returns:
        "tensor_cores" if all GPUs have them (compute capability 7.0 and later), else "gpu" with
        GPUs; "amx_bf16" or "avx512_bf16" on a CPU with bfloat16 multiplication in that unit;
        "avx2" on one that has that instead; else "cpu".
    """
    gpus = tf.config.list_physical_devices("GPU")
    if gpus:
        details = [tf.config.experimental.get_device_details(each) for each in gpus]
        capable = all(each.get("compute_capability", (0, 0)) >= (7, 0) for each in details)
        return "tensor_cores" if capable else "gpu"
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return "cpu"
    return next((unit for unit in _UNITS if unit in flags), "cpu")


def processor():
    """Returns the name and the revision of the CPU, and how many of its cores this process may use."""
    facts = {}
    with contextlib.suppress(OSError):
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        facts = dict(
            reversed([map(str.strip, each.split(":", 1)) for each in lines if ":" in each])
        )
    if "model name" in facts:
        found = [facts.get(each, "?") for each in _REVISION]
    else:
        found = [platform.processor(), platform.machine()]
    found += [facts[each] for each in _ARM_REVISION if each in facts]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{' '.join(filter(None, found))} with {cores} cores"
