"""The characters of a set: by name, from a text file, or as they are written."""

import itertools
import os
import unicodedata

from gan_tf.errors import UserError
from gan_tf.files.plain_file import read_text

_MOST_BYTES = 1 << 20  # of a file of characters
_MOST = 20_000  # characters
_VISIBLE = "LNPS"  # letters, numbers, punctuation, symbols


def characters(charset):
    """Returns the different characters of a set, in order.

    Args:
        charset: "latin": Basic Latin and all of Unicode's Latin letters up to Extended-B, and
            Extended Additional; "gb2312", "big5", "jis": the frequent characters of that standard,
            its level 1; a text file in UTF-8; or the characters themselves.

    Returns:
        A tuple of strings of one code point each; spaces, control characters and combining marks
        are left out.

    Raises:
        UserError: when a file cannot be read, or there are no characters, or too many.
    """
    text = _NAMED[charset]() if charset in _NAMED else _text_of(charset)
    found = tuple(dict.fromkeys(each for each in text if is_visible(each)))
    if not found:
        raise UserError(f"--charset={charset} has no characters: give {_CHOICES}.")
    if len(found) > _MOST:
        raise UserError(f"--charset has {len(found):,} characters: give at most {_MOST:,}.")
    return found


def is_visible(character):
    """Returns whether one code point is a letter, a number, punctuation or a symbol."""
    return unicodedata.category(character)[0] in _VISIBLE


def _text_of(charset):
    """What a file contains, or the charset itself."""
    if not os.path.lexists(charset) and not _is_path(charset):
        return charset
    try:
        return read_text(charset, _MOST_BYTES, links=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        if isinstance(error, UnicodeDecodeError):
            reason = "it is not UTF-8"
        raise UserError(
            f"The characters in '{charset}' cannot be read ({reason}): give {_CHOICES}."
        ) from error


def _is_path(charset):
    return os.sep in charset[:-1] and len(charset) > 2 and charset.endswith(".txt")


def _latin():
    return map(chr, itertools.chain(range(0x21, 0x250), range(0x1E00, 0x1F00)))


def _double_bytes(codec, first, second, most=None):
    """The characters that a codec has for pairs of bytes from these ranges, in order."""
    found = []
    for pair in itertools.product(first, second):
        try:
            found.append(bytes(pair).decode(codec))
        except UnicodeDecodeError:  # not assigned
            continue
    return found[:most]


_HIGH = range(0xA1, 0xFF)
_NAMED = {
    "latin": _latin,
    "gb2312": lambda: _double_bytes("gb2312", range(0xB0, 0xD8), _HIGH),
    "big5": lambda: _double_bytes("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *_HIGH], 5401),
    "jis": lambda: _double_bytes("euc_jp", range(0xB0, 0xD0), _HIGH),
}
_CHOICES = f"{', '.join(_NAMED)}, a text file in UTF-8, or the characters themselves"
