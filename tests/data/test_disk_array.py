"""Arrays on disk: as NumPy has them, and what becomes of one when its file does not stay."""

import os

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.data import pipeline
from gan_tf.data.disk_array import DiskArray
from gan_tf.errors import UserError
from tests.conftest import examples

ARRAY = np.random.default_rng(0).integers(0, 256, (20, 3, 4, 2), np.uint8)


@pytest.fixture
def path(tmp_path):
    (tmp_path / "pixels.bin").write_bytes(ARRAY.tobytes())
    return tmp_path / "pixels.bin"


@pytest.mark.parametrize(
    "index",
    [
        0,
        -1,
        np.int64(7),
        slice(None),
        slice(3, 9),
        slice(-4, None),
        slice(9, 3),
        slice(None, None, 3),
        slice(None, None, -1),
        [5, 1, 5],
        np.array([[0, 1], [19, -2]]),
        np.array([], np.int64),
        np.arange(20) % 3 == 0,
    ],
)
def test_rows_are_those_of_an_array(path, index):
    pixels = DiskArray(path, ARRAY.shape)
    np.testing.assert_array_equal(pixels[index], ARRAY[index])
    assert pixels[index].dtype == np.uint8


@pytest.mark.parametrize("dtype", ["int16", "int32", "float32"])
def test_elements_have_any_dtype(tmp_path, dtype):
    values = np.arange(-6, 6).astype(dtype)
    for shape in ((12,), (4, 3)):
        array = values.reshape(shape)
        (tmp_path / "array.bin").write_bytes(array.tobytes())
        read = DiskArray(tmp_path / "array.bin", shape, dtype)
        assert read.dtype == dtype
        np.testing.assert_array_equal(read[:], array)
        np.testing.assert_array_equal(read[[2, 0]], array[[2, 0]])
        np.testing.assert_array_equal(read.read_into(np.empty(shape, dtype)), array)


def test_it_looks_like_an_array(path):
    pixels = DiskArray(path, ARRAY.shape)
    facts = (len(pixels), pixels.shape, pixels.ndim, pixels.dtype)
    assert facts == (20, ARRAY.shape, 4, np.uint8)
    np.testing.assert_array_equal(np.asarray(pixels), ARRAY)
    with pytest.raises(IndexError):
        pixels[20]


@pytest.mark.parametrize("size", [0, ARRAY.size - 1, ARRAY.size + 1])
def test_a_file_of_another_size_is_refused(path, size):
    os.truncate(path, size)
    with pytest.raises(ValueError, match="bytes, not those of uint8"):
        DiskArray(path, ARRAY.shape)


def test_a_file_that_is_deleted_stays_readable(path):
    pixels = DiskArray(path, ARRAY.shape)
    path.unlink()
    np.testing.assert_array_equal(pixels[[3, 1]], ARRAY[[3, 1]])


def test_a_truncated_file_is_an_error_and_no_signal(path):
    """A map would end the process with SIGBUS; tf.data changes the kind of the error."""
    pixels = DiskArray(path, ARRAY.shape)
    os.truncate(path, 30)
    np.testing.assert_array_equal(pixels[0], ARRAY[0])
    with pytest.raises(UserError, match="was truncated while it was in use"):
        pixels[[0, 15]]
    again = DiskArray(path, (1, 3, 5, 2))
    os.truncate(path, 10)
    with pytest.raises(tf.errors.OpError):
        next(iter(pipeline.batches(examples(again), 1)))
    assert "truncated" in str(again.problem)
