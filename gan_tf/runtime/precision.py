"""The precision of the computation."""

import contextlib

import keras

from gan_tf.runtime import device

_AUTO = {
    "amx_bf16": "mixed_bfloat16",
    "avx512_bf16": "mixed_bfloat16",
    "tensor_cores": "mixed_float16",
}


def resolve(precision):
    """Returns the Keras dtype policy for --precision; "auto" depends on the machine.

    auto is mixed_bfloat16 on a CPU that supports it (AVX512-BF16 or AMX), mixed_float16, with
    loss scaling, on a GPU with tensor cores, else float32.
    """
    return _AUTO.get(device.kind(), "float32") if precision == "auto" else precision


def computing_in(model, dtype):
    """Returns a copy of a functional model with the same weights, whose layers compute in a dtype.

    Args:
        model: a `keras.Model`.
        dtype: such as "float32"; also of the weights.
    """

    def copied(layer):
        if not isinstance(layer, keras.layers.Layer):  # an operation, which has no dtype
            return layer
        return type(layer).from_config(layer.get_config() | {"dtype": dtype})

    copy = keras.models.clone_model(model, clone_function=copied, recursive=True)
    copy.set_weights(model.get_weights())
    return copy


@contextlib.contextmanager
def policy(name):
    """Sets the global Keras dtype policy inside the context, for layers built in it."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
