"""Keras's files of any origin, checked before Keras reads them."""

import io
import pathlib
import zipfile

import h5py
import keras
import pytest

from gan_tf.files import keras_archive
from gan_tf.files.keras_archive import check_weights, checked_keras

MOST = 1 << 30


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """The members of a model's file."""
    path = tmp_path_factory.mktemp("model") / "model.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]).save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(folder, parts, method=zipfile.ZIP_DEFLATED):
    path = folder / "packed.keras"
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def weights(fill):
    file = io.BytesIO()
    with h5py.File(file, "w") as root:
        fill(root)
    return file.getvalue()


def test_a_model_is_opened_as_a_private_copy(tmp_path, parts):
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = packed(tmp_path, parts, method)
        with checked_keras(path, MOST) as (copy, content, config, count):
            assert pathlib.Path(copy).read_bytes() == content == path.read_bytes()
            assert config["class_name"] == "Sequential" and count == 4 * 3 + 3
        assert not pathlib.Path(copy).exists()


def external(root):
    root.create_dataset("x", (4,), "u1", external=[("/etc/hostname", 0, 4)])


def virtual(root):
    layout = h5py.VirtualLayout((4,), "u1")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (4,))
    root.create_virtual_dataset("x", layout)


def linked(root):
    root["x"] = h5py.ExternalLink("/elsewhere.h5", "y")


def soft(root):
    root["x"] = h5py.SoftLink("/y")


def own_parent(root):
    group = root.create_group("a")
    group["a"] = group


def bomb(root):
    root.create_dataset("x", (1 << 30,), "f4", compression="gzip", fillvalue=0)


@pytest.mark.parametrize("fill", [external, virtual, linked, soft, own_parent, bomb])
@pytest.mark.slow
def test_weights_that_lead_elsewhere_or_unpack_to_gigabytes_are_refused(
    tmp_path, parts, fill, monkeypatch
):
    monkeypatch.setattr(keras_archive, "_MOST_OBJECTS", 1000)  # that seconds are not spent counting
    content = weights(fill)
    path = packed(tmp_path, parts | {"model.weights.h5": content})
    with pytest.raises(ValueError), checked_keras(path, MOST):
        pass
    (tmp_path / "weights.h5").write_bytes(content)
    with pytest.raises(ValueError):
        check_weights(tmp_path / "weights.h5", MOST)


@pytest.mark.parametrize("name", ["model.weights.h5", "config.json", "metadata.json"])
def test_a_member_that_unpacks_to_much_is_refused(tmp_path, parts, name):
    path = packed(tmp_path, parts | {name: bytes(64 << 20)})
    assert path.stat().st_size < 200_000
    with pytest.raises(ValueError), checked_keras(path, MOST):
        pass


@pytest.mark.parametrize(
    "change",
    [
        {"../../outside": b"x"},
        {"assets/words.txt": b"x"},
        {"config.json": b"[" * 100_000},
        {"config.json": b'{"a": 1e999}'},
        {"model.weights.h5": b"text"},
    ],
)
def test_other_members_and_broken_ones_are_refused(tmp_path, parts, change):
    path = packed(tmp_path, parts | change)
    with pytest.raises((ValueError, OSError)), checked_keras(path, MOST):
        pass


def test_other_compression_a_link_and_a_small_limit_are_refused(tmp_path, parts):
    path = packed(tmp_path, parts, zipfile.ZIP_LZMA)
    with pytest.raises(ValueError, match="other than deflate"), checked_keras(path, MOST):
        pass
    path = packed(tmp_path, parts)
    (tmp_path / "link.keras").symlink_to(path)
    with pytest.raises(ValueError, match="link"), checked_keras(tmp_path / "link.keras", MOST):
        pass
    with pytest.raises(ValueError, match="too large"), checked_keras(path, 100):
        pass


def test_a_file_of_weights_is_accepted(tmp_path):
    (tmp_path / "w.h5").write_bytes(weights(lambda root: root.create_dataset("a/b", data=[1, 2])))
    check_weights(tmp_path / "w.h5", MOST)
