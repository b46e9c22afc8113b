"""NumPy's files of any origin."""

import io
import zipfile

import numpy as np
import pytest

from gan_tf.files.array_file import read_npy, read_npz


def test_arrays_come_back(tmp_path):
    arrays = {
        "a": np.arange(6.0).reshape(2, 3),
        "b": np.array(True),
        "c": np.asfortranarray(np.arange(6).reshape(3, 2)),
        "d": np.zeros((0, 4), np.float32),
    }
    np.savez(tmp_path / "x.npz", **arrays)
    np.savez_compressed(tmp_path / "y.npz", **arrays)
    np.save(tmp_path / "x.npy", arrays["a"])
    for name in ("x.npz", "y.npz"):
        found = read_npz(tmp_path / name, 10_000)
        assert {name: each.dtype for name, each in found.items()} == {
            name: each.dtype for name, each in arrays.items()
        }
        assert all(np.array_equal(found[each], arrays[each]) for each in arrays)
    assert np.array_equal(read_npy(tmp_path / "x.npy", 10_000), arrays["a"])


def test_no_pickle_is_loaded(tmp_path):
    np.save(tmp_path / "x.npy", np.array([{}, []], object), allow_pickle=True)
    np.savez(tmp_path / "x.npz", a=np.array([{}], object))
    with pytest.raises(ValueError):
        read_npy(tmp_path / "x.npy", 10_000)
    with pytest.raises(ValueError):
        read_npz(tmp_path / "x.npz", 10_000)


def claiming(shape):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f8", "fortran_order": False, "shape": shape}
    )
    return file.getvalue() + bytes(8)


@pytest.mark.parametrize("shape", [(1 << 40,), (-1,), (2,), (1 << 62, 1 << 62), (10**400,)])
def test_a_shape_that_does_not_fit_the_file_is_refused(tmp_path, shape):
    (tmp_path / "x.npy").write_bytes(claiming(shape))
    with pytest.raises(ValueError):
        read_npy(tmp_path / "x.npy", 10_000)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("a.npy", claiming(shape))
    with pytest.raises(ValueError):
        read_npz(tmp_path / "x.npz", 10_000)


def test_all_arrays_together_keep_to_the_maximum_size(tmp_path):
    np.savez_compressed(tmp_path / "x.npz", a=np.zeros(10_000), b=np.zeros(10_000))
    with pytest.raises(ValueError, match="unpacks to more than"):
        read_npz(tmp_path / "x.npz", 100_000)


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", b"\x93NUMPY\x03\x00", b"PK" + bytes(30)])
def test_damaged_files_are_a_value_error(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    for read in (read_npy, read_npz):
        with pytest.raises(ValueError):
            read(tmp_path / "x", 10_000)


@pytest.mark.parametrize(
    "header",
    [
        "(" * 9000,
        "{'descr': '|S0', 'fortran_order': False, 'shape': (999999999999,)}",
        "{'descr': '|V0', 'fortran_order': False, 'shape': (999999999999,)}",
    ],
)
def test_descriptions_that_fit_any_size_or_cannot_be_parsed_are_a_value_error(tmp_path, header):
    size = len(header).to_bytes(2, "little")
    (tmp_path / "x").write_bytes(b"\x93NUMPY\x01\x00" + size + header.encode())
    with pytest.raises(ValueError, match=r"it describes|of its array"):
        read_npy(tmp_path / "x", 10_000)
