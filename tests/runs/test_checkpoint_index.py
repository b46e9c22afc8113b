"""Indices of checkpoints: what TensorFlow wrote is read, and what would end it is refused."""

import pathlib
import struct

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import tensor_bundle_pb2

from gan_tf.runs import checkpoint_index
from gan_tf.runs.checkpoint_index import read_shapes

ARRAYS = {
    "bias": np.zeros(7, np.float32),
    "flag": np.array(True),
    "half": tf.zeros((2, 5), tf.bfloat16),
    "steps": np.int64(3),
    "none": np.zeros((0, 4), np.float32),
}
NAME = b"bias/.ATTRIBUTES/VARIABLE_VALUE"


@pytest.fixture
def prefix(tmp_path):
    """A checkpoint with arrays of several types."""
    variables = {name: tf.Variable(value) for name, value in ARRAYS.items()}
    many = [tf.Variable(float(number)) for number in range(500)]  # more than one block of a table
    return tf.train.Checkpoint(**variables, many=many).write(str(tmp_path / "state"))


def test_the_shapes_are_those_that_tensorflow_reads(prefix):
    shapes = read_shapes(prefix)
    reader = tf.train.load_checkpoint(prefix)
    known = reader.get_variable_to_shape_map()
    assert shapes == {name: tuple(shape) for name, shape in known.items()} and len(shapes) > 505


def entries(prefix):
    """The header, and {name: message} of the arrays."""
    found = dict(checkpoint_index._entries(pathlib.Path(f"{prefix}.index").read_bytes()))
    header = found.pop(b"")
    return header, {
        name: tensor_bundle_pb2.BundleEntryProto.FromString(value) for name, value in found.items()
    }


def write(prefix, header, messages):
    """Writes an index: a table of one block, with no names shortened."""
    items = [
        (b"", header),
        *sorted((name, each.SerializeToString()) for name, each in messages.items()),
    ]

    def number(value):
        return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + number(value >> 7)

    def block(pairs):
        body = b"".join(
            b"\0" + number(len(key)) + number(len(value)) + key + value for key, value in pairs
        )
        return body + struct.pack("<II", 0, 1)

    def place(start, content):
        return number(start) + number(len(content))

    data = block(items)
    top = block([(items[-1][0] + b"x", place(0, data))])
    footer = place(0, data) + place(len(data) + 5, top)
    with open(f"{prefix}.index", "wb") as file:
        file.write(data + bytes(5) + top + bytes(5) + footer.ljust(40, b"\0"))
        file.write(struct.pack("<Q", 0xDB4775248B80FB57))


def shape(*sizes):
    def change(entry):
        del entry.shape.dim[:]
        for each in sizes:
            entry.shape.dim.add().size = each

    return change


def test_a_table_that_is_written_here_is_read(prefix):
    before = read_shapes(prefix)
    write(prefix, *entries(prefix))
    assert read_shapes(prefix) == before


@pytest.mark.parametrize(
    "change, message",
    [
        (shape(-5), "describes 'bias.*' impossibly"),
        (shape(-1, 1 << 40), "impossibly"),
        (shape(*[1] * 300), "impossibly"),
        (shape(1 << 40, 1 << 40), "another size than it has"),
        (lambda entry: setattr(entry.shape, "unknown_rank", True), "impossibly"),
        (lambda entry: setattr(entry, "shard_id", 5), "impossibly"),
        (lambda entry: setattr(entry, "offset", -4), "impossibly"),
        (lambda entry: setattr(entry, "offset", 1 << 60), "more than it holds"),
        (lambda entry: setattr(entry, "dtype", tf.variant.as_datatype_enum), "another size"),
        (lambda entry: entry.slices.add(), "impossibly"),
    ],
)
def test_impossible_arrays_are_refused(prefix, change, message):
    header, messages = entries(prefix)
    change(messages[NAME])
    write(prefix, header, messages)
    with pytest.raises(ValueError, match=message):
        read_shapes(prefix)


def test_arrays_at_the_same_place_are_refused(prefix):
    header, messages = entries(prefix)
    messages[b"other"] = messages[NAME]
    write(prefix, header, messages)
    with pytest.raises(ValueError, match="more than it holds"):
        read_shapes(prefix)


def test_gigabytes_of_text_are_refused(prefix):
    header, messages = entries(prefix)
    messages[b"_CHECKPOINTABLE_OBJECT_GRAPH"].offset = 1 << 20
    messages[b"_CHECKPOINTABLE_OBJECT_GRAPH"].size = 1 << 30
    write(prefix, header, messages)
    with open(f"{prefix}.data-00000-of-00001", "r+b") as file:
        file.truncate(1 << 31)
    with pytest.raises(ValueError, match="bytes of text"):
        read_shapes(prefix)


def test_other_headers_are_refused(prefix):
    header, messages = entries(prefix)
    changed = tensor_bundle_pb2.BundleHeaderProto.FromString(header)
    changed.num_shards = 2
    for each in (changed.SerializeToString(), b"\xff\xff"):
        write(prefix, each, messages)
        with pytest.raises(ValueError, match="its index is"):
            read_shapes(prefix)


def test_damage_is_a_value_error(prefix):
    content = pathlib.Path(f"{prefix}.index").read_bytes()
    for end in (0, 10, 48, len(content) - 1):
        with open(f"{prefix}.index", "wb") as file:
            file.write(content[:end])
        with pytest.raises(ValueError):
            read_shapes(prefix)
    for place in range(len(content) - 60, len(content)):
        with open(f"{prefix}.index", "wb") as file:
            file.write(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            read_shapes(prefix)
        except ValueError:
            continue
