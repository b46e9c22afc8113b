"""Locks between processes."""

import errno
import os
import subprocess
import sys
import time

import pytest

from gan_tf.files import file_lock
from gan_tf.files.file_lock import exclusive, try_lock
from tests.conftest import ROOT

TAKE_TURNS = """
import pathlib, sys, time
from gan_tf.files.file_lock import exclusive

folder = pathlib.Path(sys.argv[1])
with exclusive(folder / "new" / "lock", "waiting"):
    made = folder / "made"
    if made.exists():
        print("found")
    else:
        (folder / "busy").touch()
        time.sleep(float(sys.argv[2]))
        made.touch()
        print("made")
"""


def start(folder, seconds=1):
    """Starts a process that takes so long for its work, if it is the first."""
    command = [sys.executable, "-c", TAKE_TURNS, str(folder), str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def start_first(folder, seconds=1):
    """Starts the first process, and waits until it works."""
    process = start(folder, seconds)
    while not (folder / "busy").exists():
        assert process.poll() is None
        time.sleep(0.01)
    return process


@pytest.mark.slow
def test_one_process_works_and_the_others_find_what_it_made(tmp_path):
    first = start_first(tmp_path)
    others = [start(tmp_path) for _ in range(2)]
    assert first.communicate()[0] == "made\n"
    assert {each.communicate()[0] for each in others} <= {"waiting\nfound\n", "found\n"}


@pytest.mark.slow
def test_a_process_that_is_killed_blocks_nobody(tmp_path):
    killed = start_first(tmp_path, seconds=600)
    killed.kill()
    killed.communicate()
    assert start(tmp_path).communicate()[0] == "made\n"


def test_where_no_file_can_be_made_it_goes_on_without_a_lock(tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    done = []
    with exclusive(tmp_path / "file" / "lock", "waiting"):
        done.append(1)
    assert (done, capsys.readouterr().out) == ([1], "")
    with pytest.raises(OSError, match="of the code inside"), exclusive(tmp_path / "lock", ""):
        raise OSError("of the code inside")


def test_a_lock_that_is_held_and_locks_that_there_are_not(tmp_path, monkeypatch):
    with open(tmp_path / "lock", "wb") as file, open(tmp_path / "lock", "wb") as other:
        assert try_lock(file) is None
        with pytest.raises(BlockingIOError):
            try_lock(other)
    for code in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):

        def flock(*_, code=code):
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(file_lock.fcntl, "flock", flock)
        with open(tmp_path / "lock", "wb") as file:
            assert try_lock(file).errno == code


def test_who_asks_for_a_moment_refuses_nobody(tmp_path, monkeypatch):
    path = tmp_path / "lock"
    path.touch()
    with path.open("r+b") as file, path.open() as late, path.open() as one, path.open() as two:
        assert try_lock(one, shared=True) is None and try_lock(two, shared=True) is None
        monkeypatch.setattr(file_lock.time, "sleep", lambda _: (one.close(), two.close()))
        assert try_lock(file) is None
        with pytest.raises(BlockingIOError):
            try_lock(late, shared=True)
