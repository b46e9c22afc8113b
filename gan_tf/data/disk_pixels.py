"""Images in a file that are read when they are asked for."""

import math
import os

import numpy as np

from gan_tf.errors import UserError


class DiskPixels:
    """An array of images in a file: `pixels[rows]` reads those rows.

    It is not a map (`numpy.memmap`): where a mapped file is cut short, looking at it kills the
    process with a signal. The file stays open, so that it may even be deleted meanwhile.

    Args:
        path: a file of the images' bytes, one after the other, and nothing else.
        shape: (n, height, width, channels).

    Attributes:
        shape, ndim, dtype: as of an array; dtype is uint8.
        problem: the `UserError` that reading ended with, or None. tf.data wraps exceptions, so
            that this is how to know.

    Raises:
        OSError: when the file cannot be opened.
        ValueError: when it has another size.
    """

    dtype = np.dtype(np.uint8)

    def __init__(self, path, shape):
        self.shape = tuple(shape)
        self.ndim = len(self.shape)
        self.problem = None
        self._path = path
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 (held while this lives)
        self._each = math.prod(self.shape[1:])
        size = os.fstat(self._file.fileno()).st_size
        if min(self.shape) < 0 or size != self.shape[0] * self._each:
            raise ValueError(f"'{path}' has {size:,} bytes, not those of images of {self.shape}")

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        """Returns a new array: of a row, a slice of rows, or an int or bool array of them.

        Raises:
            IndexError: for rows that there are not.
            UserError: when the file has become shorter meanwhile.
        """
        if isinstance(index, slice):
            start, stop, stride = index.indices(len(self))
            if stride == 1:
                return self._read(start, max(0, stop - start))
        rows = np.arange(len(self))[index]  # as NumPy understands it
        if not rows.ndim:
            return self._read(int(rows), 1)[0]
        found = np.empty((rows.size, *self.shape[1:]), np.uint8)
        for place, row in enumerate(rows.ravel()):
            self._read_into(int(row), memoryview(found[place]).cast("B"))
        return found.reshape(*rows.shape, *self.shape[1:])

    def read_into(self, array):
        """Reads all images into a uint8 array of their shape, and returns it."""
        self._read_into(0, memoryview(array).cast("B"))
        return array

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self[:], dtype)

    def _read(self, row, count):
        found = np.empty((count, *self.shape[1:]), np.uint8)
        if count:
            self._read_into(row, memoryview(found).cast("B"))
        return found

    def _read_into(self, row, view):
        at = row * self._each
        while view:
            count = os.preadv(self._file.fileno(), [view], at)
            if not count:
                self.problem = UserError(
                    f"'{self._path}' was cut short while it was in use: run the same command again, "
                    "which decodes the images anew."
                )
                raise self.problem
            view, at = view[count:], at + count
