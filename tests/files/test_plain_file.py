"""Files of any origin: regular ones only, without blocking, up to a size."""

import os

import pytest

from gan_tf.files.plain_file import (
    copy_plain,
    open_below,
    open_plain,
    read_bytes,
    read_lines,
    read_text,
)


@pytest.fixture
def odd(tmp_path):
    """A folder with one entry of each kind."""
    (tmp_path / "file").write_bytes(b"content")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path


def test_a_file_is_read_up_to_its_maximum_size(odd):
    assert read_bytes(odd / "file", 7) == b"content"
    assert read_text(odd / "file", 7) == "content"
    for read in (read_bytes, read_text):
        with pytest.raises(ValueError, match="too large: more than 6 bytes"):
            read(odd / "file", 6)


def test_a_sparse_file_is_refused_by_its_size(tmp_path):
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ValueError, match="too large"):
        read_bytes(tmp_path / "sparse", 1 << 20)


@pytest.mark.parametrize("name", ["folder", "pipe", "/dev/zero", "/dev/null"])
def test_what_is_no_regular_file_is_refused_at_once(odd, name):
    with pytest.raises(ValueError, match="not a regular file"):
        open_plain(odd / name, 1000)


def test_links_are_followed_only_on_request(odd):
    for name in ("link", "loop"):
        with pytest.raises(ValueError, match="symbolic link"):
            open_plain(odd / name, 1000)
    assert read_bytes(odd / "link", 1000, links=True) == b"content"


def test_a_missing_file_is_told_as_such(tmp_path):
    with pytest.raises(FileNotFoundError):
        open_plain(tmp_path / "file", 1000)


def test_no_link_below_a_folder_is_followed(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.png").write_bytes(b"secret")
    (tmp_path / "run" / "samples").mkdir(parents=True)
    (tmp_path / "run" / "samples" / "a.png").write_bytes(b"own")
    (tmp_path / "run" / "samples" / "b.png").symlink_to(tmp_path / "secret" / "a.png")
    (tmp_path / "run" / "other").symlink_to(tmp_path / "secret")
    (tmp_path / "link").symlink_to("run")
    for root in (tmp_path / "run", tmp_path / "link"):
        with open_below(root, ("samples", "a.png"), 100) as file:
            assert file.read() == b"own"
        for names in (("samples", "b.png"), ("other", "a.png")):
            with pytest.raises((ValueError, OSError)):
                open_below(root, names, 100)
    with pytest.raises(FileNotFoundError):
        open_below(tmp_path / "gone", ("samples", "a.png"), 100)


def test_nothing_stays_open(odd):
    before = len(os.listdir("/proc/self/fd"))
    for name in ("folder", "pipe", "link", "file"):
        with pytest.raises(ValueError):
            open_plain(odd / name, 1)
    open_below(odd, ("file",), 100).close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_lines_that_are_too_long_are_skipped(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"one\n" + b"x" * 50 + b"\ntwo\r\n\n" + b"y" * 10 + b"\nlast")
    assert list(read_lines(path, 1000, 10)) == [b"one", b"two", b"", b"y" * 10, b"last"]
    assert list(read_lines(path, 1000, 9)) == [b"one", b"two", b"", b"last"]
    with pytest.raises(ValueError, match="too large"):
        list(read_lines(path, 20, 10))


def test_a_copy_has_the_content_and_follows_no_link(odd):
    copy_plain(odd / "file", odd / "copy", 7)
    assert (odd / "copy").read_bytes() == b"content"
    for source, most in (("link", 100), ("pipe", 100), ("file", 6)):
        with pytest.raises(ValueError):
            copy_plain(odd / source, odd / "another", most)
    with pytest.raises(FileExistsError):
        copy_plain(odd / "file", odd / "loop", 100)
