"""An array in a file, read on demand."""

import math
import os

import numpy as np

from gan_tf.errors import UserError
from gan_tf.files.plain_file import open_plain

_MOST_BYTES = 1 << 50


class DiskArray:
    """An array in a file: `array[rows]` reads those rows.

    It is not a memory map (`numpy.memmap`): reading a mapped file that has been truncated kills the
    process with a signal. The file stays open, so that it can even be deleted meanwhile.

    Args:
        path: a file of the elements' bytes alone, in row-major order.
        shape: (n, ...).
        dtype: of the elements, default uint8.

    Attributes:
        shape, ndim, dtype: as of an array.
        problem: the `UserError` that reading ended with, or None, for callers to which tf.data
            reports another exception.

    Raises:
        OSError: when the file cannot be opened.
        ValueError: when its size does not fit the shape.
    """

    def __init__(self, path, shape, dtype=np.uint8):
        self.shape = tuple(shape)
        self.dtype = np.dtype(dtype)
        self.ndim = len(self.shape)
        self.problem = None
        self._path = path
        self._file = open_plain(path, _MOST_BYTES)  # held while this lives
        self._each = math.prod(self.shape[1:]) * self.dtype.itemsize
        size = os.fstat(self._file.fileno()).st_size
        if min(self.shape) < 0 or size != self.shape[0] * self._each:
            raise ValueError(f"'{path}' has {size:,} bytes, not those of {self.dtype} {self.shape}")

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        """Returns a new array: of a row, a slice of rows, or an int or bool array of them.

        Raises:
            IndexError: for rows out of range.
            UserError: when the file has been truncated meanwhile.
        """
        if isinstance(index, slice):
            start, stop, stride = index.indices(len(self))
            if stride == 1:
                return self._read(start, max(0, stop - start))
        rows = np.arange(len(self))[index]  # NumPy's semantics
        if not rows.ndim:
            return self._read(int(rows), 1)[0]
        found = np.empty((rows.size, *self.shape[1:]), self.dtype)
        for place, row in enumerate(rows.ravel()):
            self._read_into(int(row), memoryview(found[place : place + 1]).cast("B"))
        return found.reshape(*rows.shape, *self.shape[1:])

    def read_into(self, array):
        """Reads all of it into an array of its shape and dtype, and returns that."""
        self._read_into(0, memoryview(array).cast("B"))
        return array

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self[:], dtype)

    def _read(self, row, count):
        found = np.empty((count, *self.shape[1:]), self.dtype)
        if count:
            self._read_into(row, memoryview(found).cast("B"))
        return found

    def _read_into(self, row, view):
        at = row * self._each
        while view:
            count = os.preadv(self._file.fileno(), [view], at)
            if not count:
                self.problem = UserError(
                    f"'{self._path}' was truncated while it was in use: run the same command again to "
                    "decode the data again."
                )
                raise self.problem
            view, at = view[count:], at + count
