"""JSON of any origin."""

import os

import pytest

from gan_tf.files.json_file import parse_json, read_json


def test_what_was_written_comes_back(tmp_path):
    (tmp_path / "file").write_text('{"a": [1, 2.5, "ä"]}', encoding="utf-8")
    assert read_json(tmp_path / "file") == {"a": [1, 2.5, "ä"]}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_json_is_a_value_error(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(ValueError):
        read_json(tmp_path / "file")
    with pytest.raises(ValueError):
        parse_json(content)


@pytest.mark.parametrize(
    "text",
    [
        "1e400",
        "-1e400",
        "NaN",
        "[Infinity]",
        "9" * 400,
        "9" * 5000,
        str(1 << 63),
        "[" * 200 + "]" * 200,
    ],
)
def test_numbers_and_nesting_beyond_any_use_are_a_value_error(text):
    with pytest.raises(ValueError):
        parse_json(text)


def test_what_pythons_json_writes_of_logs_is_read_where_that_is_asked_for():
    found = parse_json('{"a": NaN, "b": -Infinity, "c": -9223372036854775808}', finite=False)
    assert (repr(found["a"]), found["b"], found["c"]) == ("nan", float("-inf"), -(1 << 63))
    with pytest.raises(ValueError):
        parse_json('{"a": 1' + "0" * 400 + "}", finite=False)


def test_what_is_too_large_or_endless_is_not_read(tmp_path):
    (tmp_path / "file").write_text("[1, 2, 3]")
    with pytest.raises(ValueError, match="too large"):
        read_json(tmp_path / "file", max_bytes=5)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(ValueError, match="not a regular file"):
            read_json(path)


def test_a_missing_file_is_told_as_such(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path / "file")
