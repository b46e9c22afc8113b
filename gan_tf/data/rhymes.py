"""A file of rhymes: which words, or characters, rhyme with each other."""

import collections
import hashlib
import io

from gan_tf.data.sequence_file import decode_text, normalized, why_unreadable
from gan_tf.errors import UserError
from gan_tf.files.plain_file import read_bytes

_MOST_BYTES = 1 << 24


class Rhymes:
    """Which words rhyme, read from a file: each of its lines has words that rhyme with each other.

    The file is UTF-8, normalized to NFC, as texts are. Words are separated by spaces; a line without a
    space is one of characters. A word can be in several lines.

    Args:
        path: the file.

    Raises:
        UserError: when it is no such file.

    Attributes:
        digest: a str, which differs where the rhymes do.
    """

    def __init__(self, path):
        try:
            content = read_bytes(path, _MOST_BYTES, links=True)
        except (OSError, ValueError) as error:
            raise UserError(
                f"--rhymes={path} cannot be used ({why_unreadable(error)}): give UTF-8 lines of words "
                "that rhyme."
            ) from error
        text = decode_text(content, f"'{path}' (--rhymes)", "--rhymes")
        self.digest = hashlib.sha256(content).hexdigest()[:16]
        self._groups = collections.defaultdict(set)  # {word: the lines it is in}
        for number, line in enumerate(map(normalized, io.StringIO(text))):
            words = line.split()
            for word in words if len(words) > 1 else line.strip():
                self._groups[word].add(number)
        if not self._groups:
            raise UserError(
                f"--rhymes={path} has no words: give a file whose lines are words that rhyme."
            )

    def __call__(self, word, other):
        """Returns whether two different words rhyme; a word does not rhyme with itself."""
        return word != other and bool(
            self._groups.get(word, set()) & self._groups.get(other, set())
        )
