"""Folders and zip archives of images."""

import os
import pathlib
import shutil
import tracemalloc
import zipfile

import numpy as np
import pytest

from gan_tf.data import file_tree, pipeline
from gan_tf.data.file_tree import FolderTree, ZipTree, open_tree
from gan_tf.data.image_folder import ImageFolder
from gan_tf.errors import UserError


@pytest.fixture
def archive(photos, tmp_path):
    """Makes an archive of the photos; `top` precedes each name."""

    def make(top="", more=None):
        path = tmp_path / "Photos.ZIP"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for each in sorted(photos.rglob("*.png")):
                file.write(each, f"{top}{each.relative_to(photos)}")
            for name, content in (more or {}).items():
                file.writestr(name, content)
        return path

    return make


@pytest.mark.parametrize("top", ["", "my photos/"])
def test_an_archive_holds_the_images_and_classes_of_its_folder(archive, photos, top):
    zipped, plain = (ImageFolder(str(each), 8) for each in (archive(top), photos))
    assert zipped.items() == plain.items()
    assert zipped.label_names == plain.label_names == ("a", "b")
    mine, theirs = next(zipped.batches()), next(plain.batches())
    assert list(mine) == ["image", "label"]
    for name, array in theirs.items():
        np.testing.assert_array_equal(mine[name], array)


def test_folders_of_archives_from_windows(photos, tmp_path):
    path = tmp_path / "photos.zip"
    with zipfile.ZipFile(path, "w") as file:
        for each in sorted(photos.rglob("*.png")):
            entry = zipfile.ZipInfo(f"top\\{each.parent.name}\\{each.name}")
            entry.create_system = 0
            file.writestr(entry, each.read_bytes())
    zipped, plain = (ImageFolder(str(each), 8) for each in (path, photos))
    assert (zipped.items(), zipped.label_names) == (plain.items(), plain.label_names)


def test_what_macos_adds_and_what_is_hidden_is_left_out(archive, photos):
    more = {"__MACOSX/a/._000.png": b"x", "a/.DS_Store": b"x", "c/": b""}
    assert ImageFolder(str(archive(more=more)), 8).items() == ImageFolder(str(photos), 8).items()


def test_paths_out_of_the_archive_are_not_followed(archive, photos, tmp_path):
    picture = (photos / "a" / "000.png").read_bytes()
    before = sorted(tmp_path.parent.rglob("*"))
    path = archive(more={"../../up.png": picture, "/etc/x.png": picture, "a/../b/y.png": picture})
    source = ImageFolder(str(path), 8)
    assert {"up.png", "etc/x.png", "a/b/y.png"} <= {file for file, _ in source.items()}
    assert sum(len(batch["image"]) for batch in source.batches()) == 43
    assert source.skipped == []
    assert sorted(tmp_path.parent.rglob("*")) == sorted([*before, path])


def test_a_bomb_and_a_damaged_image_are_left_out(archive, monkeypatch):
    monkeypatch.setattr("gan_tf.data.file_tree._MOST_BYTES", 100_000)
    path = archive(more={"a/bomb.png": bytes(200_000), "b/note.txt": b"hello"})
    content = path.read_bytes()
    at = content.find(b"a/000.png") + 200  # within its data
    path.write_bytes(content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :])
    source = ImageFolder(str(path), 8)
    assert sum(len(batch["image"]) for batch in source.batches()) == 39
    reasons = dict(source.skipped)
    assert "too large" in reasons["a/bomb.png"]
    assert reasons.keys() == {"a/bomb.png", "a/000.png", "b/note.txt"}


def test_what_a_tree_leaves_out_has_a_reason(photos, tmp_path):
    (tmp_path / "a").symlink_to(photos / "a")
    (tmp_path / "again").symlink_to(photos / "a")
    (tmp_path / "nothing.png").symlink_to("gone.png")
    os.mkfifo(tmp_path / "pipe.png")
    source = ImageFolder(str(tmp_path), 8)
    assert sum(len(batch["image"]) for batch in source.batches()) == 20
    assert dict(source.skipped) == {
        f"again{os.sep}": "a link to a folder that is read already",
        "nothing.png": "a link to nothing",
        "pipe.png": "not a regular file",
    }


def test_a_folder_is_where_it_is_rather_than_behind_a_link(photos, tmp_path):
    folder = shutil.copytree(photos, tmp_path / "photos")
    (folder / "0").symlink_to(folder / "a")
    tree = FolderTree(str(folder))
    assert {file.partition(os.sep)[0] for file in tree.files()} == {"a", "b"}
    assert tree.left_out == [(f"0{os.sep}", "a link to a folder that is read already")]


@pytest.mark.parametrize("zipped", [True, False])
def test_hidden_files_alone_are_no_riddle(tmp_path, zipped):
    (tmp_path / "x" / ".thumbnails").mkdir(parents=True)
    (tmp_path / "x" / ".thumbnails" / "1.png").write_bytes(b"x")
    path = tmp_path / "x"
    if zipped:
        path = tmp_path / "x.zip"
        with zipfile.ZipFile(path, "w") as file:
            file.write(tmp_path / "x/.thumbnails/1.png", ".thumbnails/1.png")
    with pytest.raises(
        UserError, match=r"no images that can be read\. .*'\.thumbnails.*hidden: its"
    ):
        pipeline.load(ImageFolder(str(path), 8), cache_dir=tmp_path / "cache")


def test_encrypted_files_have_one_reason_for_all(archive):
    path = archive()
    content = path.read_bytes()
    for signature, at in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        parts = content.split(signature)
        parts[1:] = [part[: at - 4] + b"\1" + part[at - 3 :] for part in parts[1:]]
        content = signature.join(parts)
    path.write_bytes(content)
    source = ImageFolder(str(path), 8)
    assert {reason for _, reason in source.left_out} == {
        "it is encrypted: unpack the archive with its password"
    }


def test_files_of_the_same_name_in_an_archive(archive, photos):
    picture = (photos / "b" / "001.png").read_bytes()
    source = ImageFolder(str(archive(more={"./a/000.png": picture})), 8)
    assert sum(len(batch["image"]) for batch in source.batches()) == 40
    assert source.skipped == [("a/000.png", "replaced by a later file of the same name")]


def test_an_invalid_archive_is_a_user_error(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\3\4 no archive")
    with pytest.raises(UserError, match="not a readable zip file"):
        ZipTree(str(tmp_path / "x.zip"))
    with pytest.raises(UserError, match=r"no directory .*, and no \.zip file"):
        ImageFolder(str(tmp_path / "y.zip"))


def test_the_key_of_an_archive_depends_on_its_images(archive, photos):
    first = ImageFolder(str(archive()), 8).cache_key
    assert ImageFolder(str(archive()), 8).cache_key == first
    changed = archive(more={"a/new.png": (photos / "a" / "000.png").read_bytes()})
    assert ImageFolder(str(changed), 8).cache_key != first


def test_files_that_go_after_they_were_listed_are_left_out(photos, tmp_path):
    for each in sorted(photos.rglob("*.png"))[:4]:
        (tmp_path / each.name).write_bytes(each.read_bytes())
    source = ImageFolder(str(tmp_path), 8)
    first, second, *_ = (pathlib.Path(tmp_path, file) for file, _ in source.items())
    first.unlink()
    os.truncate(second, 50)
    assert source.cache_key
    assert sum(len(batch["image"]) for batch in source.batches()) == 2
    assert [file for file, _ in source.skipped] == [first.name, second.name]


def test_an_archive_keeps_to_its_budget_and_says_which_flag_raises_it(archive, monkeypatch):
    path = archive(more={"a/bomb.png": bytes(8 << 20)})
    source = ImageFolder(str(path), 8, archive_mb=2)
    with pytest.raises(UserError, match=r"unpacks to more than 2,097,152 bytes; .* --archive_mb"):
        list(source.batches())
    source = ImageFolder(str(path), 8, archive_mb=9)
    for _ in range(3):  # what is read again counts once
        assert sum(len(batch["image"]) for batch in source.batches()) == 40


def test_a_bomb_of_any_declared_size_takes_little_memory(archive):
    path = archive(more={"a/bomb.png": bytes(64 << 20)})
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(b"a/bomb.png"))
    content[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    tracemalloc.start()
    try:
        source = ImageFolder(str(path), 8)
        assert sum(len(batch["image"]) for batch in source.batches()) == 40
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def test_large_files_are_in_memory_one_at_a_time(archive, monkeypatch):
    monkeypatch.setattr("gan_tf.data.file_tree._LARGE", 10)
    tree = ZipTree(str(archive()))
    with tree.open("a/000.png") as first:
        assert first.read(4) == b"\x89PNG"
        assert not file_tree._one_large.acquire(blocking=False)
    assert file_tree._one_large.acquire(blocking=False)
    file_tree._one_large.release()
    source = ImageFolder(str(archive()), 8)
    assert sum(len(batch["image"]) for batch in source.batches()) == 40


def test_pipes_in_a_folder_do_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(ValueError, match="not a regular file"):
        FolderTree(str(tmp_path)).open("pipe.png")


def test_a_file_below_thousands_of_folders_is_left_out(archive):
    tree = ZipTree(str(archive(more={"deep/" * 1001 + "x.png": b"x"})))
    assert len(tree.files()) == 40
    assert ("deep/deep/deep…", "in too many folders") in tree.left_out


def test_the_advice_about_an_archive_that_is_too_large_can_be_another(archive):
    tree = open_tree(str(archive(more={"x.png": bytes(9)})), "--fonts", 8, advice="unpack it")
    with pytest.raises(UserError, match=r"more than 8 bytes; if you trust it, unpack it\."):
        tree.open("x.png")
