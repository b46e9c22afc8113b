"""Checks of Keras's files, .keras and .h5, before Keras reads them."""

import contextlib
import io
import os
import tempfile

import h5py

from gan_tf.files import keras_config
from gan_tf.files.json_file import parse_json
from gan_tf.files.plain_file import open_plain, read_bytes
from gan_tf.files.zip_reader import ZipReader

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_MEMBERS = {_CONFIG, _WEIGHTS, "metadata.json"}
_MOST_CONFIG = 16 << 20
_MOST_OBJECTS = 100_000
# Keras stores its files uncompressed; other programs may compress them.
_MOST_RATIO, _LEAST = 16, 16 << 20


@contextlib.contextmanager
def checked_keras(path, max_bytes, links=False):
    """Checks a .keras file, and opens a private copy, which nobody changes after the check.

    The file holds a configuration and weights, stored or deflated, and nothing else; it unpacks
    to little more than its size, its weights link to no other file, and its configuration passes
    `gan_tf.files.keras_config.check`.

    Args:
        path: the file.
        max_bytes: its maximum size, packed and unpacked.
        links: whether to follow a symbolic link.

    Yields:
        (path of the copy, its content as bytes, the configuration, the number of weights).

    Raises:
        OSError: when it cannot be read.
        ValueError: when it is anything else.
    """
    content = read_bytes(path, max_bytes, links)
    archive = ZipReader(io.BytesIO(content), min(max_bytes, _MOST_RATIO * len(content) + _LEAST))
    members = {each.filename: each for each in archive.members}
    if members.keys() != _MEMBERS or len(archive.members) != len(_MEMBERS):
        raise ValueError(f"it holds other files than {', '.join(sorted(_MEMBERS))}")
    archive.read(members["metadata.json"], _MOST_CONFIG)
    config = parse_json(archive.read(members[_CONFIG], _MOST_CONFIG))
    keras_config.check(config)
    weights = archive.read(members[_WEIGHTS], max_bytes)
    count = _count_values(io.BytesIO(weights), len(weights))
    with tempfile.TemporaryDirectory(prefix="gan_tf-") as folder:
        copy = os.path.join(folder, "model.keras")
        with open(copy, "xb") as file:
            file.write(content)
        yield copy, content, config, count


def check_weights(path, max_bytes):
    """Checks a file of weights, .h5: it holds what its size allows, and links to no other file.

    Args:
        path: the file; a symbolic link is followed.
        max_bytes: its maximum size.

    Raises:
        OSError: when it cannot be read.
        ValueError: when it is anything else.
    """
    with open_plain(path, max_bytes, links=True) as file:
        _count_values(file, os.fstat(file.fileno()).st_size)


def _count_values(file, size):
    """The number of values in all arrays of an HDF5 file of so many bytes."""
    count = total = objects = 0
    with h5py.File(file, "r") as root:
        waiting = [root]
        while waiting:
            group = waiting.pop()
            for name in group:
                objects += 1
                if objects > _MOST_OBJECTS:  # also of groups that contain themselves
                    raise ValueError("it holds too many objects")
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise ValueError("it links to another place")
                found = group[name]
                if isinstance(found, h5py.Group):
                    waiting.append(found)
                elif not isinstance(found, h5py.Dataset) or found.is_virtual or found.external:
                    raise ValueError(
                        "it holds something other than arrays, or an array of another file"
                    )
                else:
                    count, total = count + found.size, total + found.size * found.dtype.itemsize
    if total > _MOST_RATIO * size + _LEAST:
        raise ValueError(f"its arrays unpack to {total:,} bytes")
    return count
