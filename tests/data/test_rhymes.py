"""Files of rhymes."""

import pytest

from gan_tf.data.rhymes import Rhymes
from gan_tf.errors import UserError


@pytest.fixture
def read(tmp_path):
    def read(content):
        (tmp_path / "rhymes.txt").write_bytes(content)
        return Rhymes(tmp_path / "rhymes.txt")

    return read


def test_words_of_a_line_rhyme_with_each_other_and_not_with_themselves(read):
    rhymes = read(b"night light\nday way gay\n\nread light\n")
    assert rhymes("night", "light") and rhymes("light", "read") and rhymes("gay", "day")
    assert not rhymes("night", "read") and not rhymes("night", "night") and not rhymes("x", "y")


def test_a_line_without_spaces_is_of_characters(read):
    rhymes = read("\u6625\u4eba\n\u96ea\u6708\n".encode())
    assert rhymes("\u6625", "\u4eba") and not rhymes("\u6625", "\u96ea")


def test_other_rhymes_have_another_digest(read):
    assert read(b"a b").digest == read(b"a b").digest != read(b"a c").digest


@pytest.mark.parametrize(
    "content, message",
    [(b" \n", "has no words"), (b"\xff\xfe", "is not UTF-8"), (b"a\0", "binary")],
)
def test_refuses_what_is_no_such_file(read, content, message):
    with pytest.raises(UserError, match=message):
        read(content)


def test_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match=r"--rhymes=.*none cannot be used .*No such file"):
        Rhymes(tmp_path / "none")


def test_accents_are_normalized_as_texts_are(read):
    rhymes = read("cafe\u0301 ole\u0301\n".encode())
    assert rhymes("caf\u00e9", "ol\u00e9")
