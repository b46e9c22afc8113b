"""Models applied in batches of fixed size, so that results do not depend on the number of rows."""

import math
import zlib

import numpy as np
import tensorflow as tf

from gan_tf.runtime.chunk import CHUNK


class FixedBatchModel:
    """A model in inference mode, applied to chunks of one size, the last of them padded.

    Matrix products and convolutions of the same row differ in their last bits between batch
    sizes, for which libraries choose different blocking.

    Args:
        model: a `keras.Model` with one input or a list of inputs.
        size: rows per chunk, default 100.

    Attributes:
        shapes: of a row of each input.
    """

    def __init__(self, model, size=CHUNK):
        self.size = size
        self.shapes = [each.shape[1:] for each in model.inputs]
        single = len(model.inputs) == 1

        @tf.function(autograph=False)
        def compute(*inputs):
            return model(inputs[0] if single else list(inputs), training=False)

        self._compute = compute
        weights = set(map(id, model.weights))
        self._seeds = [each for each in model.variables if id(each) not in weights]
        self._starts = [np.asarray(each) for each in self._seeds]
        self._dtypes = [each.dtype for each in model.inputs]

    def __call__(self, *inputs, size=None):
        """Applies the model to arrays of n rows each, n from 0.

        Args:
            *inputs: an array for each input of the model.
            size: rows per chunk; default: the constructor's. Each new size is traced once.

        Returns:
            The model's outputs, as NumPy arrays of n rows; bfloat16 as float32.
        """
        count = len(inputs[0])
        size = size or self.size
        total = max(1, math.ceil(count / size)) * size
        padded = [_padded(each, total, dtype) for each, dtype in zip(inputs, self._dtypes)]
        parts = []
        for at in range(0, total, size):
            chunk = [each[at : at + size] for each in padded]
            self._seed(chunk[0][0])
            parts.append(tf.nest.map_structure(_array, self._compute(*chunk)))
        return tf.nest.map_structure(lambda *each: np.concatenate(each)[:count], *parts)

    def _seed(self, row):
        """Seeds random layers, such as dropout, from a chunk's first row."""
        for variable, start in zip(self._seeds, self._starts):
            variable.assign(start + np.array([0, zlib.crc32(row.tobytes())], start.dtype))


def _padded(rows, count, dtype):
    """The rows in the model's dtype, padded with zeros to `count`."""
    rows = np.asarray(rows, dtype)
    missing = count - len(rows)
    return np.concatenate([rows, np.zeros((missing, *rows.shape[1:]), dtype)]) if missing else rows


def _array(tensor):
    tensor = tf.cast(tensor, tf.float32) if tensor.dtype == tf.bfloat16 else tensor
    return tensor.numpy()
