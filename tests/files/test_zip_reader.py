"""Zip archives: declared sizes are not trusted, and a budget counts the bytes produced."""

import io
import tracemalloc
import zipfile

import pytest

from gan_tf.files.zip_reader import BudgetError, ZipReader


def archive(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def declare(path, member, size):
    """Writes a false size of a member into the archive's list."""
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(member.encode()))
    content[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    path.write_bytes(content)


def test_members_are_read_and_folders_left_out(tmp_path):
    path = archive(tmp_path / "a.zip", {"x/": b"", "x/a": b"1", "b": b"2" * 100})
    reader = ZipReader(path, 101)
    assert {each.filename: reader.read(each, 100) for each in reader.members} == {
        "x/a": b"1",
        "b": b"2" * 100,
    }


def test_all_reads_together_keep_to_the_budget(tmp_path):
    reader = ZipReader(archive(tmp_path / "a.zip", {"a": b"x" * 600, "b": b"y" * 600}), 1000)
    assert reader.read(reader.members[0], 1000) == b"x" * 600
    with pytest.raises(BudgetError, match="unpacks to more than 1,000 bytes"):
        reader.read(reader.members[1], 1000)


@pytest.mark.parametrize("declared", [100, 64 << 20])
def test_a_bomb_takes_little_memory_whatever_size_it_declares(tmp_path, declared):
    path = archive(tmp_path / "bomb.zip", {"bomb": bytes(64 << 20)})
    declare(path, "bomb", declared)
    reader = ZipReader(path, 1 << 30)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError):
            reader.read(reader.members[0], 10 << 20)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_stored_and_deflated_members_are_read(tmp_path, method):
    reader = ZipReader(archive(tmp_path / "a.zip", {"a": bytes(1000)}, method), 10_000)
    with pytest.raises(ValueError, match="other than deflate"):
        reader.read(reader.members[0], 10_000)
    stored = ZipReader(archive(tmp_path / "b.zip", {"a": b"ab"}, zipfile.ZIP_STORED), 10)
    assert stored.read(stored.members[0], 10) == b"ab"


def test_damaged_members_are_a_value_error(tmp_path):
    path = archive(tmp_path / "a.zip", {"a": bytes(range(256)) * 10})
    content = bytearray(path.read_bytes())
    content[40] ^= 0xFF
    reader = ZipReader(io.BytesIO(bytes(content)), 10_000)
    with pytest.raises(ValueError):
        reader.read(reader.members[0], 10_000)


@pytest.mark.parametrize("content", [b"", b"PK", b"x" * 1000, b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_is_a_value_error(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ValueError):
        ZipReader(tmp_path / "a.zip", 1000)


def test_a_gigantic_list_of_members_is_not_read(tmp_path):
    path = tmp_path / "sparse.zip"
    end = b"PK\x05\x06" + bytes(4) + b"\xff\x00" * 2 + (1 << 30).to_bytes(4, "little") + bytes(6)
    with open(path, "wb") as file:
        file.seek(1 << 30)
        file.write(end)
    with pytest.raises(ValueError, match="list of members is too large"):
        ZipReader(path, 1000)
