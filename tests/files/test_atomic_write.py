"""Atomic writes: the new content, or else the old one."""

import os
import resource
import stat

import pytest

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import sync, sync_path, write


def refusal(call, *arguments):
    with pytest.raises(UserError) as error:
        call(*arguments)
    return str(error.value)


def test_write_makes_folders_and_replaces(tmp_path):
    path = tmp_path / "new" / "folder" / "file"
    for content in (b"first, longer", b"second"):
        write(path, content)
        assert path.read_bytes() == content
    assert os.listdir(path.parent) == ["file"]


def test_a_write_that_runs_out_of_space_leaves_the_old_file(tmp_path):
    path = tmp_path / "file"
    write(path, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        message = refusal(write, path, bytes(10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert message.startswith(f"The disk is full: '{path}' could not be written")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_write_that_is_interrupted_leaves_the_old_file(tmp_path, monkeypatch, moment):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    path = tmp_path / "file"
    write(path, b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, moment, interrupt)
        with pytest.raises(KeyboardInterrupt):
            write(path, b"new")
    assert path.read_bytes() == b"old"
    write(path, b"newer")
    assert (path.read_bytes(), os.listdir(tmp_path)) == (b"newer", ["file"])


def test_write_says_why_a_place_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "below", tmp_path / "folder"):
        assert refusal(write, path, b"").startswith(f"'{path}' cannot be written (")
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]


def test_write_does_not_follow_a_link_that_waits_for_it(tmp_path):
    (tmp_path / "precious").write_text("mine")
    for name in (".file.writing", "file"):
        (tmp_path / name).symlink_to(tmp_path / "precious")
    write(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_folder_with_its_files_is_synced(tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
    synced = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append(os.readlink(f"/proc/self/fd/{handle}"))
    )
    sync(tmp_path)
    assert sorted(synced[:2]) == [str(tmp_path / "a"), str(tmp_path / "b")]
    assert synced[2:] == [str(tmp_path)]  # last: the names
    sync_path(tmp_path / "a")
    assert synced[3:] == [str(tmp_path / "a")]


def test_devices_and_pipes_are_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/null")
    (tmp_path / "output").symlink_to("/proc/self/exe")
    for name in ("pipe", "link", "output"):
        assert "a device or a pipe, not a file" in refusal(write, tmp_path / name, b"x")
    assert sorted(os.listdir(tmp_path)) == ["link", "output", "pipe"]
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode)
    (tmp_path / "nowhere").symlink_to(tmp_path / "nothing")
    write(tmp_path / "nowhere", b"x")
    assert (tmp_path / "nowhere").read_bytes() == b"x"
