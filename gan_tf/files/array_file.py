"""Bounded reading of NumPy's files, .npy and .npz: without pickles, and no larger than they say."""

import io
import math

import numpy as np

from gan_tf.files.plain_file import open_plain, read_bytes
from gan_tf.files.zip_reader import ZipReader


def read_npy(path, max_bytes):
    """Returns the array in an .npy file, read-only.

    Args:
        path: the file.
        max_bytes: its maximum size.

    Raises:
        OSError: when it cannot be read.
        ValueError: when it is not a regular file, too large, damaged, or holds Python objects.
    """
    return _parse_npy(read_bytes(path, max_bytes))


def read_npz(path, max_bytes, links=False):
    """Returns the arrays in an .npz file as a dict, read-only.

    Args:
        path: the file.
        max_bytes: the maximum size of all arrays together.
        links: whether to follow a symbolic link.

    Raises:
        As `read_npy`.
    """
    found = {}
    with open_plain(path, max_bytes, links) as file:
        archive = ZipReader(file, max_bytes)
        for member in archive.members:
            found[member.filename.removesuffix(".npy")] = _parse_npy(
                archive.read(member, max_bytes)
            )
    return found


def _parse_npy(content):
    """The array in the bytes of an .npy file; its declared shape must fit them."""
    file = io.BytesIO(content)
    version = np.lib.format.read_magic(file)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise ValueError(f"it has the unknown version {version} of NumPy's format")
    try:
        shape, fortran, dtype = readers[version](file)
    except Exception as error:  # such as those of Python's own parser
        raise ValueError("the description of its array is damaged") from error
    if dtype.hasobject:
        raise ValueError("it holds Python objects")
    if not dtype.itemsize or math.prod(shape) * dtype.itemsize != len(content) - file.tell():
        raise ValueError("its size is not that of the array it describes")
    return np.ndarray(shape, dtype, content, file.tell(), order="F" if fortran else "C")
