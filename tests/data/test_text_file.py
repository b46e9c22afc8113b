"""The user's own text: lines as words or characters, and what is not text."""

import os

import numpy as np
import pytest

from gan_tf.data.text_file import TextFile
from gan_tf.errors import UserError
from gan_tf.modalities import of


@pytest.fixture
def write(tmp_path):
    def write(content, name="lines.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def texts(source):
    (batch,) = source.batches()
    return of(source).texts(batch["tokens"])


def test_lines_of_words(write):
    source = TextFile(write("The cat's here.\n\nThe end\r\n  a well-known  cat\n"))
    assert texts(source) == ["The cat's here .", "The end", "a well-known cat"]
    assert source.traits["vocabulary"][:2] == ["", "The"]  # the most frequent first
    assert source.sample_shape == (4,) and source.num_examples == 3 and source.label_names == ()
    (note,) = source.notes
    assert "3 lines of 2 to 4 tokens, a vocabulary of 8; 0 (0.0%) were longer" in note


def test_lines_of_characters_keep_their_spaces(write):
    source = TextFile(write("ab a\nb b\t\n"), tokens="character")
    assert texts(source) == ["ab a", "b b"]
    assert set(source.traits["vocabulary"]) == {"", "a", "b", " "}
    assert source.traits["separator"] == ""


def test_lines_of_one_length_need_no_end(write):
    source = TextFile(write("春 眠\n不 觉\n"))
    assert source.traits["vocabulary"] == ["不", "春", "眠", "觉"]
    assert texts(source) == ["春 眠", "不 觉"]


def test_marks_of_byte_order_and_composed_letters(write):
    source = TextFile(write("\ufeffcafe\u0301 x\ncaf\u00e9 y\n"))
    assert texts(source) == ["caf\u00e9 x", "caf\u00e9 y"]


def test_longer_lines_are_left_out_and_counted(write):
    source = TextFile(write("a b c d\na b\nb a\na\n"), length=2)
    assert texts(source) == ["a b", "b a", "a"]
    assert "1 (25.0%) were longer and are left out" in source.notes[0]


def test_rare_words_become_unknown(write):
    source = TextFile(write("a b a\na b c\na d b\n"), vocabulary=3)
    assert texts(source) == ["a b a", "a b <unk>", "a <unk> b"]
    assert "22.2% of the words are not among the 2 most frequent" in source.notes[0]


def test_lines_with_control_characters_are_left_out(write):
    source = TextFile(write("a b\nb\x1b[31m a\nb a\n"))
    assert texts(source) == ["a b", "b a"]
    assert source.skipped == [("line 2", "it has a control character in it")]


def test_a_file_of_one_word_lines_is_advised(write):
    assert any("--tokens=character" in each for each in TextFile(write("abc\ncba\n")).notes)


def test_held_out_lines_are_those_that_can_be_made(write):
    other = write("b a\nc a\nb b b b\n", "test.txt")
    source = TextFile(write("a b\na b a\n"), test_file=other)
    (batch,) = source.held_out()
    assert of(source).texts(batch["tokens"]) == ["b a"]
    assert list(TextFile(write("a b\na b a\n")).held_out()) == []


def test_content_follows_the_file_and_how_it_is_read(write):
    first = TextFile(write("a b\nb a\n")).content()
    assert TextFile(write("a b\nb a\n", "copy.txt")).content() == first
    assert TextFile(write("a b\nb b\n", "other.txt")).content() != first
    assert TextFile(write("a b\nb a\n"), tokens="character").content() != first


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "has no line with text in it"),
        (b"\n \n", "has no line with text in it"),
        (b"a b\nc \xff\xfe d\n", r"is not UTF-8 text \(line 2\)"),
        (b"\x00\x01\x02", "is a binary file"),
        (b"one line only", "has one line of at most 3 tokens"),
        (b"a b c\nd e f\n", "Every line of .* has more than 2 tokens, the shortest 3"),
    ],
)
def test_what_is_no_text_is_one_sentence(write, content, words):
    length = 2 if b"d e f" in content else None
    with pytest.raises(UserError, match=words):
        TextFile(write(content), length=length)


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match=r"it is not a regular file.*correct --text_file"):
        TextFile(str(tmp_path / "pipe"))


def test_encoding_is_exact_for_many_lines(write):
    lines = [f"w{each % 7} w{each % 5}" for each in range(20_050)]
    source = TextFile(write("\n".join(lines)))
    rows = np.concatenate([batch["tokens"] for batch in source.batches()])
    assert rows.dtype == np.int32 and of(source).texts(rows) == lines


@pytest.mark.parametrize(
    "line, reason",
    [
        ("a " + "\u0301" * 31, "more than 30 accents"),
        ("a " + "b" * 1001, "a word of more than 1,000 letters"),
        ("a " * 4097, "more than 4,096 tokens, the most of --length"),
    ],
)
def test_lines_beyond_any_use_are_left_out_with_the_reason(write, line, reason):
    source = TextFile(write(f"a b\n{line}\nb a\n"))
    assert texts(source) == ["a b", "b a"]
    ((place, why),) = source.skipped
    assert place == "line 2" and reason in why
    with pytest.raises(
        UserError, match=rf"no line with text in it: .*{reason}.*; correct --text_file"
    ):
        TextFile(write(f"{line}\n{line}\n"))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "has no line of at most 2 tokens, all of which are in"),
        (b"c d\na b b\n", "has no line of at most 2 tokens, all of which are in"),
        (b"a b\x01\n", "it has a control character"),
        (b"a \xff\n", r"is not UTF-8 text \(line 1\)"),
    ],
)
def test_a_test_file_of_no_use_is_told_at_once(write, content, words):
    other = write(content, "test.txt")
    with pytest.raises(UserError, match=rf"test.txt.*{words}.*correct --test_file"):
        TextFile(write("a b\nb a\n"), test_file=other)


def test_what_is_left_out_is_that_of_the_data(write):
    source = TextFile(write("a b\nb a\n"), test_file=write("a b\x01\nb b\n", "test.txt"))
    assert [len(list(source.held_out())) for _ in range(2)] == [1, 1] and source.skipped == []
