"""Strided convolutions, each part computed with the algorithm that is fastest on this CPU."""

import dataclasses

import keras
import tensorflow as tf

from gan_tf.networks.keras_equivalent import KerasEquivalent
from gan_tf.runtime import device

_KERNEL, _STRIDE = (4, 4), (2, 2)


@dataclasses.dataclass(frozen=True)
class Plan:
    """Which algorithm computes a convolution, by h, the smaller side of its output.

    TensorFlow's own operations are used for everything not listed here, where the larger map
    has fewer than `channels` channels (except for `image_channels`), and always on a GPU.

    Attributes:
        forward: up to this h, a matrix product of im2col patches, kept for the gradient.
        input_gradient: up to this h, a matrix product followed by col2im.
        patches: up to this h, the filter gradient is a product of the patches.
        slices: up to this h, it is four products of slices of the space-to-depth input.
        channels: see above.
        image_channels: up to this many channels (an image's), the input gradient is computed as
            above at any h: TensorFlow's leaves most of a vector register idle there.
    """

    forward: int = 0
    input_gradient: int = 0
    patches: int = 0
    slices: int = 0
    channels: int = 32
    image_channels: int = 4


# Measured per operation, for maps of 4 to 32 pixels and batches of 64 to 256; the thresholds of
# amx_bf16 were measured on other machines.
PLANS = {
    ("amx_bf16", "bfloat16"): Plan(forward=4, input_gradient=4, patches=4, slices=8, channels=64),
    ("amx_bf16", "float32"): Plan(),
    ("avx512_bf16", "bfloat16"): Plan(slices=8),
    ("avx512_bf16", "float32"): Plan(),
}


def plan(dtype):
    """Returns this machine's `Plan` for tensors of a dtype, or None for stock operations."""
    return PLANS.get((device.kind(), tf.as_dtype(dtype).name))


@keras.saving.register_keras_serializable("gan_tf")
class Conv2D(KerasEquivalent, keras.layers.Conv2D):
    """`keras.layers.Conv2D`, faster on some CPUs where the kernel is 4x4 and the stride 2.

    Arguments, weights, outputs and gradients of any order equal those of the Keras layer, and
    `get_config` is the same. Other kernels, strides and paddings, and machines without a
    `Plan`, use the Keras operations.
    """

    plain = keras.layers.Conv2D

    def convolution_op(self, inputs, kernel):
        if not _is_fast(self, inputs):
            return super().convolution_op(inputs, kernel)
        return convolve(inputs, tf.convert_to_tensor(kernel))


@keras.saving.register_keras_serializable("gan_tf")
class Conv2DTranspose(KerasEquivalent, keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, faster on some CPUs where the kernel is 4x4 and the stride 2.

    Otherwise as `Conv2D`.
    """

    plain = keras.layers.Conv2DTranspose

    def call(self, inputs):
        size = self.compute_output_shape(inputs.shape)[1:3]
        if not _is_fast(self, inputs) or _halves(size) != inputs.shape[1:3].as_list():
            return super().call(inputs)
        outputs = convolve_transposed(inputs, tf.convert_to_tensor(self.kernel), size)
        if self.use_bias:
            outputs = tf.nn.bias_add(outputs, tf.convert_to_tensor(self.bias))
        return outputs if self.activation is None else self.activation(outputs)


def _is_fast(layer, inputs):
    return (
        layer.kernel_size == _KERNEL
        and layer.strides == _STRIDE
        and layer.padding == "same"
        and layer.data_format == "channels_last"
        and layer.dilation_rate == (1, 1)
        and getattr(layer, "groups", 1) == 1
        and None not in inputs.shape[1:]
        and plan(inputs.dtype) is not None
    )


def convolve(x, w):
    """Convolves with 4x4 kernels and stride 2, "same" padding; differentiable any number of times.

    Args:
        x: (batch, H, W, C).
        w: (4, 4, C, D), of the dtype of x.

    Returns:
        (batch, ceil(H / 2), ceil(W / 2), D).
    """
    size = x.shape[1:3]
    height, width = _halves(size)
    channels, outputs = w.shape[2:]
    by_patches = _applies("forward", size, channels, x.dtype)

    @tf.custom_gradient
    def operation(x, w):
        patches = _patches(x) if by_patches else None

        def gradient(dy):
            return convolve_transposed(dy, w, size), filter_gradient(x, dy, patches)

        if not by_patches:
            return tf.nn.conv2d(x, w, 2, "SAME"), gradient
        y = tf.matmul(patches, tf.reshape(w, (16 * channels, outputs)))
        return tf.reshape(y, (-1, height, width, outputs)), gradient

    return operation(x, w)


def convolve_transposed(y, w, size):
    """The transposed convolution: the gradient of `convolve` with respect to its input.

    Args:
        y: (batch, ceil(H / 2), ceil(W / 2), D).
        w: (4, 4, C, D), of the dtype of y.
        size: (H, W).

    Returns:
        (batch, H, W, C).
    """
    channels, outputs = w.shape[2:]
    by_columns = channels <= plan(y.dtype).image_channels or _applies(
        "input_gradient", size, channels, y.dtype
    )

    @tf.custom_gradient
    def operation(y, w):
        def gradient(dx):
            return convolve(dx, w), filter_gradient(dx, y)

        if by_columns:
            rows, kernels = tf.reshape(y, (-1, outputs)), tf.reshape(w, (-1, outputs))
            columns = tf.matmul(rows, kernels, transpose_b=True)
            columns = tf.reshape(columns, (-1, *_halves(size), 4, 4, channels))
            return _col2im(columns, *size), gradient
        x = tf.nn.conv2d_transpose(y, w, tf.stack([tf.shape(y)[0], *size, channels]), 2, "SAME")
        return tf.ensure_shape(x, (y.shape[0], *size, channels)), gradient

    return operation(y, w)


def filter_gradient(x, dy, patches=None):
    """The gradient of `convolve` with respect to its kernels.

    Args:
        x: (batch, H, W, C).
        dy: (batch, ceil(H / 2), ceil(W / 2), D).
        patches: those of x, if already computed.

    Returns:
        (4, 4, C, D).
    """
    size, channels, outputs = x.shape[1:3], x.shape[3], dy.shape[3]
    kernels = (4, 4, channels, outputs)

    def of_patches(x, rows):
        known = _patches(x) if patches is None else tf.stop_gradient(patches)
        return tf.reshape(tf.matmul(known, rows, transpose_a=True), kernels)

    def of_slices(x, rows):
        height, width = _halves(size)
        depth = tf.nn.space_to_depth(_padded(x), 2)
        quarters = [
            tf.matmul(
                tf.reshape(depth[:, i : i + height, j : j + width], (-1, 4 * channels)),
                rows,
                transpose_a=True,
            )
            for i in (0, 1)
            for j in (0, 1)
        ]
        split = tf.reshape(tf.stack(quarters), (2, 2, 2, 2, channels, outputs))
        return tf.reshape(tf.transpose(split, (0, 2, 1, 3, 4, 5)), kernels)

    @tf.custom_gradient
    def operation(x, dy):
        def gradient(dw):
            return convolve_transposed(dy, dw, size), convolve(x, dw)

        for name, compute in (("patches", of_patches), ("slices", of_slices)):
            if _applies(name, size, channels, x.dtype):
                return compute(x, tf.reshape(dy, (-1, outputs))), gradient
        dw = tf.raw_ops.Conv2DBackpropFilter(
            input=x,
            filter_sizes=kernels,
            out_backprop=dy,
            strides=[1, 2, 2, 1],
            padding="SAME",
        )
        return dw, gradient

    return operation(x, dy)


def _applies(part, size, channels, dtype):
    """Whether a part of the plan applies to a convolution with inputs of this size."""
    chosen = plan(dtype)
    return min(_halves(size)) <= getattr(chosen, part) and channels >= chosen.channels


def _halves(size):
    return [-(-side // 2) for side in size]


def _padded(x):
    """The input with the zeros of "same" padding: (batch, 2 h + 2, 2 w + 2, C)."""
    return tf.pad(x, [[0, 0], *([1, 1 + side % 2] for side in x.shape[1:3]), [0, 0]])


def _patches(x):
    """The receptive field of each output (im2col): (batch h w, 16 C), in kernel order."""
    (height, width), channels = _halves(x.shape[1:3]), x.shape[3]
    rows = tf.reshape(_padded(x), (-1, 2 * height + 2, width + 1, 2 * channels))
    rows = tf.concat([rows[:, :, :width], rows[:, :, 1:]], -1)
    rows = tf.reshape(rows, (-1, height + 1, 2, width, 4 * channels))
    four = [rows[:, i : i + height, j] for i in (0, 1) for j in (0, 1)]
    return tf.reshape(tf.concat(four, -1), (-1, 16 * channels))


@tf.function(jit_compile=True)
def _col2im(columns, height, width):
    """Sums each output's contributions to the input: (batch, h, w, 4, 4, C) -> (batch, H, W, C).

    Compiled by XLA into one loop, which takes a quarter of the time. Sums are in float32.
    """

    def along(x, axis):
        # An even position receives kernel row 1 and the previous output's row 3; an odd
        # position, row 2 and the next output's row 0.
        parts = tf.unstack(x, axis=3)
        begin, border = [slice(None)] * axis, [[0, 0]] * parts[0].shape.rank
        border[axis] = [1, 1]
        before = tf.pad(parts[3], border)[(*begin, slice(None, -2))]
        behind = tf.pad(parts[0], border)[(*begin, slice(2, None))]
        both = tf.stack([parts[1] + before, parts[2] + behind], axis + 1)
        middle, (side, _, *rest) = both.shape[1:axis], both.shape[axis:]
        return tf.reshape(both, (-1, *middle, 2 * side, *rest))

    x = along(along(tf.cast(columns, tf.float32), 1), 2)
    return tf.cast(x[:, :height, :width], columns.dtype)
