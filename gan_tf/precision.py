"""In what precision to compute."""

import contextlib
import pathlib

import keras
import tensorflow as tf


def resolve(precision):
    """Returns the Keras dtype policy for --precision; "auto" looks at the machine.

    auto is mixed_bfloat16 on a CPU that computes in it (AVX512-BF16 or AMX) and where
    there is no GPU, else float32.
    """
    if precision != "auto":
        return precision
    if tf.config.list_physical_devices("GPU"):
        return "float32"
    try:
        flags = pathlib.Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return "float32"
    return "mixed_bfloat16" if {"avx512_bf16", "amx_bf16"} & set(flags) else "float32"


@contextlib.contextmanager
def policy(name):
    """Makes layers that are built inside have a Keras dtype policy, whatever the global one is."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
