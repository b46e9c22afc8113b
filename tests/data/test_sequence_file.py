"""What text files and FASTA files have in common."""

import unicodedata

import numpy as np
import pytest

from gan_tf.data import sequence_file
from gan_tf.data.sequence_file import SequenceFile, decode_text, normalized
from gan_tf.errors import UserError


class Letters(SequenceFile):
    """Lines of letters."""

    name, flag, unit, wanted = "letters", "--letters", "line", "line"

    def __init__(self, path, length=None):
        super().__init__(path)
        self._take(self._parsed(), "ab", length)

    def parse(self, text, origin, flag, left_out):
        for number, line in enumerate(text.split()):
            yield number, list(line), None


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_text_of_any_system_is_decoded(ends):
    content = f"\ufeffa{ends}b{ends}".encode()
    assert decode_text(content, "x", "--x") == "a\nb\n"


def test_what_is_no_text_is_refused():
    with pytest.raises(UserError, match=r"x is not UTF-8 text .line 3."):
        decode_text(b"a\nb\n\xff", "x", "--x")
    with pytest.raises(UserError, match="x is a binary file"):
        decode_text(b"a\0", "x", "--x")


def test_the_end_is_a_token_where_lengths_differ(tmp_path):
    path = tmp_path / "letters"
    path.write_text("ab ba aa")
    assert Letters(path).traits["vocabulary"] == ["a", "b"]
    path.write_text("ab b aaa")
    source = Letters(path)
    (batch,) = source.batches()
    assert source.traits["vocabulary"] == ["", "a", "b"]
    np.testing.assert_array_equal(batch["tokens"], [[1, 2, 0], [2, 0, 0], [1, 1, 1]])


def test_by_default_sequences_of_more_than_64_tokens_are_left_out(tmp_path):
    (tmp_path / "letters").write_text(f"ab ba {'a' * 65}")
    assert Letters(tmp_path / "letters").num_examples == 2
    assert Letters(tmp_path / "letters", length=65).num_examples == 3


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"cannot be read .No such file.*: correct --letters"):
        Letters(tmp_path / "nothing")


def test_a_link_of_the_users_own_is_followed(tmp_path):
    (tmp_path / "letters").write_text("ab ba")
    (tmp_path / "link").symlink_to(tmp_path / "letters")
    assert Letters(tmp_path / "link").content() == Letters(tmp_path / "letters").content()


def test_a_file_of_too_many_sequences_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "letters"
    path.write_text("ab\n" * 6)
    assert Letters(path).num_examples == 6
    monkeypatch.setattr(sequence_file, "MOST_SEQUENCES", 5)
    with pytest.raises(UserError, match=r"has more than 5 lines: give a part of it with --letters"):
        Letters(path)


def test_equal_tokens_are_one_object(tmp_path):
    path = tmp_path / "letters"
    path.write_text("\u6c38\u6c38\n\u6c38\u6c38\n")
    source = Letters.__new__(Letters)
    SequenceFile.__init__(source, path)
    assert len({id(token) for _, tokens, _ in source._parsed() for token in tokens}) == 1


@pytest.mark.parametrize("text", ["cafe\u0301", "e" + "\u0301" * 30, "\u1100\u1161", "ab"])
def test_lines_are_normalized(text):
    assert normalized(text) == unicodedata.normalize("NFC", text) != ""


def test_thousands_of_accents_on_a_letter_are_not_sorted():
    assert normalized("a" + "\u0301\u0323" * 1_000_000) == ""  # hours, if they were
