"""Sets of characters: named ones, files, and texts."""

import os

import pytest

from gan_tf.data.charsets import characters
from gan_tf.errors import UserError


@pytest.mark.parametrize(
    "charset, count, first, last",
    [
        ("gb2312", 3755, "啊", "座"),  # level 1 of the standard
        ("big5", 5401, "一", "籲"),
        ("jis", 2965, "亜", "腕"),
        ("latin", 780, "!", "\u1eff"),
    ],
)
def test_named_sets_have_the_characters_of_their_standard(charset, count, first, last):
    found = characters(charset)
    assert len(found) == len(set(found)) == count
    assert (found[0], found[-1]) == (first, last)


def test_a_text_is_its_visible_characters_once_each():
    assert characters("永和 九永\u3000年\u0301") == ("永", "和", "九", "年")


def test_a_file_is_read_also_through_a_link(tmp_path):
    (tmp_path / "some.txt").write_text("b a\nb\n", encoding="utf-8")
    (tmp_path / "link").symlink_to("some.txt")
    assert (
        characters(str(tmp_path / "some.txt")) == characters(str(tmp_path / "link")) == ("b", "a")
    )


@pytest.mark.parametrize("kind", ["missing", "pipe", "folder", "binary", "large", "loop", "empty"])
def test_what_is_no_text_file_is_refused_in_a_sentence(kind, tmp_path):
    path = tmp_path / "characters.txt"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(b"\xff\xfe\x00")
    elif kind == "large":
        path.write_bytes(b"a" * (1 << 20) + b"a")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "empty":
        path.write_text(" \n")
    with pytest.raises(UserError, match="give latin, gb2312"):
        characters(str(path))


def test_too_many_characters_are_refused():
    with pytest.raises(UserError, match="20,001 characters: give at most 20,000"):
        characters("".join(map(chr, range(0x4E00, 0x4E00 + 20_001))))
