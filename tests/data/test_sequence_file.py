"""What text files and FASTA files have in common: decoding."""

import pytest

from gan_tf.data.sequence_file import decode_text
from gan_tf.errors import UserError


def test_text_is_utf_8_with_any_line_ends_and_mark():
    content = "\ufeffone\r\nzwei\rdeux é\n".encode()
    assert decode_text(content, "'file'", "--text_file") == "one\nzwei\ndeux é\n"


@pytest.mark.parametrize(
    "content, words",
    [(b"good\nb\xffd\n", r"'file' is not UTF-8 text \(line 2\)"), (b"a\0b", "is a binary file")],
)
def test_other_bytes_are_one_sentence_that_names_the_flag(content, words):
    with pytest.raises(UserError, match=f"{words}.*correct --text_file."):
        decode_text(content, "'file'", "--text_file")
