"""The index of a TensorFlow checkpoint of unknown origin, read before TensorFlow reads it.

TensorFlow ends the whole process when an index describes an impossible array. The format is a
table of LevelDB (https://github.com/google/leveldb/blob/main/doc/table_format.md), whose keys are
names and whose values are TensorFlow's messages `BundleHeaderProto` and `BundleEntryProto`.
"""

import math
import os
import struct

import tensorflow as tf
from tensorflow.core.protobuf import tensor_bundle_pb2

from gan_tf.files.plain_file import read_bytes

MOST_BYTES = 1 << 24
_MOST_TEXT = 1 << 26  # bytes of strings, such as the description of the objects
_FOOTER, _TRAILER = 48, 5
_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_MOST_DIMENSIONS = 16
_DTYPES = {
    *(tf.bool, tf.float16, tf.bfloat16, tf.float32, tf.float64, tf.int8, tf.int16, tf.int32),
    *(tf.int64, tf.uint8, tf.uint16, tf.uint32, tf.uint64),
}


def read_shapes(prefix):
    """Returns {name: shape} of the arrays in a checkpoint of one file of data.

    Args:
        prefix: the path of the checkpoint, without `.index`.

    Raises:
        OSError: when a file of it cannot be read.
        ValueError: when its index is damaged, or describes what its data do not hold.
    """
    entries = dict(_entries(read_bytes(f"{prefix}.index", MOST_BYTES)))
    header = _parsed(tensor_bundle_pb2.BundleHeaderProto, entries.pop(b"", b""))
    if (header.num_shards, header.endianness) != (1, header.LITTLE):
        raise ValueError("its index is of several files, or of another kind of machine")
    size, text, shapes, places = os.path.getsize(f"{prefix}.data-00000-of-00001"), 0, {}, []
    for key, value in entries.items():
        entry = _parsed(tensor_bundle_pb2.BundleEntryProto, value)
        name, shape = key.decode(), tuple(each.size for each in entry.shape.dim)
        dtype = tf.dtypes.as_dtype(entry.dtype)  # a TypeError for an unknown one
        known = len(shape) <= _MOST_DIMENSIONS and min(shape, default=0) >= 0
        known = known and not entry.shape.unknown_rank and not entry.slices
        if not known or entry.shard_id or min(entry.offset, entry.size) < 0:
            raise ValueError(f"its index describes {name!r} impossibly")
        if dtype == tf.string:
            text += entry.size + math.prod(shape)
        elif dtype not in _DTYPES or entry.size != math.prod(shape) * dtype.size:
            raise ValueError(f"its index describes {name!r} with another size than it has")
        places.append((entry.offset, entry.offset + entry.size))
        shapes[name] = shape
    ends = [0, *(end for _, end in sorted(places))]
    if ends[-1] > size or any(start < end for (start, _), end in zip(sorted(places), ends)):
        raise ValueError("its index describes more than it holds")
    if text > _MOST_TEXT:
        raise ValueError(f"it holds {text:,} bytes of text")
    return shapes


def _parsed(message, content):
    try:
        return message.FromString(content)
    except Exception as error:  # protobuf's own kind
        raise ValueError("its index is damaged") from error


def _entries(table):
    """Yields (key, value) of a table."""
    if len(table) < _FOOTER or not table.endswith(_MAGIC):
        raise ValueError("its index is damaged")
    try:
        footer, at = table[-_FOOTER:], 0
        _, at = _number(footer, at)  # the place and the size of the block of metadata
        _, at = _number(footer, at)
        for _, handle in _block(table, footer[at:]):
            yield from _block(table, handle)
    except (IndexError, struct.error) as error:
        raise ValueError("its index is damaged") from error


def _block(table, handle):
    """Returns [(key, value)] of the block at a handle: its place and its size."""
    start, at = _number(handle, 0)
    size, _ = _number(handle, at)
    block = table[start : start + size]
    if len(table) < start + size + _TRAILER or table[start + size] or size < 4:
        raise ValueError("its index is damaged or compressed")
    count = struct.unpack("<I", block[-4:])[0]
    end = size - 4 - 4 * count
    if end < 0:
        raise ValueError("its index is damaged")
    restarts, found, starts, at, key = block[end:-4], [], {0}, 0, b""
    while at < end:
        begin = at
        shared, at = _number(block, at)
        new, at = _number(block, at)
        length, at = _number(block, at)
        if shared > len(key) or at + new + length > end:
            raise ValueError("its index is damaged")
        if not shared:
            starts.add(begin)
        before, key = key, key[:shared] + block[at : at + new]
        if found and key <= before:
            raise ValueError("its index is not in order")
        found.append((key, block[at + new : at + new + length]))
        at += new + length
    # A search begins at these, and would find other entries at other places.
    if not starts.issuperset(each for (each,) in struct.iter_unpack("<I", restarts)):
        raise ValueError("its index is damaged")
    return found


def _number(content, at):
    """A varint, and where the next value begins."""
    value = shift = 0
    while shift < 64:
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise ValueError("its index is damaged")
