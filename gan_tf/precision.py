"""In what precision to compute."""

from gan_tf import processor

_AUTO = {
    "amx_bf16": "mixed_bfloat16",
    "avx512_bf16": "mixed_bfloat16",
    "tensor_cores": "mixed_float16",
}


def resolve(precision):
    """Returns the Keras dtype policy for --precision; "auto" looks at the machine.

    auto is mixed_bfloat16 on a CPU that computes in it (AVX512-BF16 or AMX), mixed_float16,
    with loss scaling, on a GPU with tensor cores, else float32.
    """
    return _AUTO.get(processor.kind(), "float32") if precision == "auto" else precision
