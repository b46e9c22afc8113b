"""Formulations of the three products of a convolution with 4x4 kernels and stride 2.

The products are the outputs, the gradient with respect to the inputs (which is also the transposed
convolution) and the gradient with respect to the kernels, all with "same" padding. `FORWARD`,
`INPUT_GRADIENT` and `FILTER_GRADIENT` map names to functions that differ in speed and rounding
alone. "stock" is TensorFlow's own operation. Shapes are

    x   (batch, H, W, C)
    w   (4, 4, C, D)
    dy  (batch, h, w, D), where h and w are H / 2 and W / 2, rounded up

H, W, C and D are known; the batch may not be.
"""

import dataclasses

import tensorflow as tf

KERNEL, STRIDE = (4, 4), (2, 2)


@dataclasses.dataclass(frozen=True)
class Geometry:
    """The shape of a convolution, without its batch.

    Attributes:
        height, width: H and W.
        channels: C.
        outputs: D.
        dtype: the name of the type of all tensors.
    """

    height: int
    width: int
    channels: int
    outputs: int
    dtype: str


def halves(size):
    """Returns the height and width of the outputs, [h, w], for those of the inputs."""
    return [-(-side // 2) for side in size]


def _stock_forward(x, w):
    return tf.nn.conv2d(x, w, 2, "SAME")


def _patches_forward(x, w):
    """One matrix product of im2col patches."""
    channels, outputs = w.shape[2:]
    y = tf.matmul(_patches(x), tf.reshape(w, (16 * channels, outputs)))
    return tf.reshape(y, (-1, *halves(x.shape[1:3]), outputs))


def _stock_input_gradient(dy, w, size):
    channels = w.shape[2]
    x = tf.nn.conv2d_transpose(dy, w, tf.stack([tf.shape(dy)[0], *size, channels]), 2, "SAME")
    return tf.ensure_shape(x, (dy.shape[0], *size, channels))


def _columns_input_gradient(dy, w, size):
    """One matrix product, followed by col2im."""
    channels, outputs = w.shape[2:]
    rows, kernels = tf.reshape(dy, (-1, outputs)), tf.reshape(w, (-1, outputs))
    columns = tf.matmul(rows, kernels, transpose_b=True)
    return _col2im(tf.reshape(columns, (-1, *halves(size), 4, 4, channels)), *size)


def _stock_filter_gradient(x, dy):
    return tf.raw_ops.Conv2DBackpropFilter(
        input=x,
        filter_sizes=(4, 4, x.shape[3], dy.shape[3]),
        out_backprop=dy,
        strides=[1, 2, 2, 1],
        padding="SAME",
    )


def _patches_filter_gradient(x, dy):
    """One matrix product of im2col patches."""
    channels, outputs = x.shape[3], dy.shape[3]
    rows = tf.reshape(dy, (-1, outputs))
    dw = tf.matmul(_patches(x), rows, transpose_a=True)
    return tf.reshape(dw, (4, 4, channels, outputs))


def _slices_filter_gradient(x, dy):
    """Four products of slices of the space-to-depth input."""
    (height, width), channels, outputs = dy.shape[1:3], x.shape[3], dy.shape[3]
    depth, rows = tf.nn.space_to_depth(_padded(x), 2), tf.reshape(dy, (-1, outputs))
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
    return tf.reshape(tf.transpose(split, (0, 2, 1, 3, 4, 5)), (4, 4, channels, outputs))


def _rows_filter_gradient(x, dy):
    """The same four products, transposed, with image rows first: so two slices need no copies."""
    (height, width), channels, outputs = dy.shape[1:3], x.shape[3], dy.shape[3]
    depth = tf.reshape(_padded(x), (-1, height + 1, 2, width + 1, 2 * channels))
    depth = tf.transpose(depth, (1, 0, 3, 2, 4))
    depth = tf.reshape(depth, (height + 1, -1, width + 1, 4 * channels))
    columns = [depth[:, :, j : j + width] for j in (0, 1)]
    rows = tf.reshape(tf.transpose(dy, (1, 0, 2, 3)), (-1, outputs))
    quarters = [
        tf.matmul(rows, tf.reshape(each[i : i + height], (-1, 4 * channels)), transpose_a=True)
        for i in (0, 1)
        for each in columns
    ]
    split = tf.reshape(tf.stack(quarters), (2, 2, outputs, 2, 2, channels))
    return tf.reshape(tf.transpose(split, (0, 3, 1, 4, 5, 2)), (4, 4, channels, outputs))


FORWARD = {"stock": _stock_forward, "patches": _patches_forward}
INPUT_GRADIENT = {"stock": _stock_input_gradient, "columns": _columns_input_gradient}
FILTER_GRADIENT = {
    "stock": _stock_filter_gradient,
    "patches": _patches_filter_gradient,
    "slices": _slices_filter_gradient,
    "rows": _rows_filter_gradient,
}


def _padded(x):
    """The input with the zeros of "same" padding: (batch, 2 h + 2, 2 w + 2, C)."""
    return tf.pad(x, [[0, 0], *([1, 1 + side % 2] for side in x.shape[1:3]), [0, 0]])


def _patches(x):
    """The receptive field of each output (im2col): (batch h w, 16 C), in kernel order.

    Where two products of a graph need those of the same input, TensorFlow computes them once.
    """
    (height, width), channels = halves(x.shape[1:3]), x.shape[3]
    rows = tf.reshape(_padded(x), (-1, 2 * height + 2, width + 1, 2 * channels))
    rows = tf.concat([rows[:, :, :width], rows[:, :, 1:]], -1)
    rows = tf.reshape(rows, (-1, height + 1, 2, width, 4 * channels))
    four = [rows[:, i : i + height, j] for i in (0, 1) for j in (0, 1)]
    return tf.reshape(tf.concat(four, -1), (-1, 16 * channels))


@tf.function(jit_compile=True, autograph=False)
def _col2im(columns, height, width):
    """Sums each output's contributions to the input: (batch, h, w, 4, 4, C) -> (batch, H, W, C).

    Compiled by XLA into one loop, which takes a quarter of the time. Sums are in float32 at least.
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

    sums = tf.float64 if columns.dtype == tf.float64 else tf.float32
    x = along(along(tf.cast(columns, sums), 1), 2)
    return tf.cast(x[:, :height, :width], columns.dtype)
