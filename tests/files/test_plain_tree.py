"""What a folder of any origin holds besides files and folders."""

import os
import socket

import pytest

from gan_tf.files import plain_tree
from gan_tf.files.plain_tree import stray


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "run" / "a" / "b").mkdir(parents=True)
    (tmp_path / "run" / "a" / "b" / "file").write_text("x")
    (tmp_path / "run" / "within").symlink_to("a/b")
    (tmp_path / "outside").mkdir()
    return tmp_path / "run"


def test_files_folders_and_links_within_are_fine(tree):
    assert stray(tree) is None
    (tree.parent / "link").symlink_to(tree)
    assert stray(tree.parent / "link") is None


@pytest.mark.parametrize("target", ["../../../outside", "/dev/zero", "/etc", "../../../run2", "/"])
def test_links_out_are_found(tree, target):
    (tree / "a" / "b" / "x").symlink_to(target)
    path, problem = stray(tree)
    assert path == str(tree / "a" / "b" / "x") and "outside the run directory" in problem


def test_pipes_and_sockets_are_found(tree, monkeypatch):
    os.mkfifo(tree / "a" / "pipe")
    assert stray(tree) == (str(tree / "a" / "pipe"), "is a pipe, a socket or a device")
    (tree / "a" / "pipe").unlink()
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tree)  # the path of a socket is short
        server.bind("socket")
    assert stray(tree)[0] == str(tree / "socket")


def test_links_to_themselves_do_no_harm(tree):
    (tree / "loop").symlink_to("loop")
    (tree / "up").symlink_to("..", target_is_directory=True)
    assert stray(tree)[0] == str(tree / "up")


def test_millions_of_entries_are_refused(tree, monkeypatch):
    monkeypatch.setattr(plain_tree, "_MOST", 3)
    assert "more than 3 files" in stray(tree)[1]
