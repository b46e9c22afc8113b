"""The user's own text: a file with an example on each line."""

import collections
import io
import itertools
import re
import unicodedata

from gan_tf.data.rhymes import Rhymes
from gan_tf.data.sequence_file import (
    LONGEST,
    LONGEST_TOKEN,
    TOO_LONG,
    TOO_MANY_MARKS,
    SequenceFile,
    normalized,
)
from gan_tf.registry import DATASETS

UNKNOWN = "<unk>"
_WORD = re.compile(r"\w+(?:['\u2019\-]\w+)*|[^\w\s]")  # words, and each punctuation mark by itself


@DATASETS.register("text_file")
class TextFile(SequenceFile):
    """Your own text: each line of --text_file is an example, of words or of characters.

    The file is UTF-8, normalized to NFC. Words are runs of letters and digits, with apostrophes and
    hyphens inside; punctuation marks are words by themselves, and spaces are none. Of characters,
    spaces are some. Empty lines are ignored.

    Args:
        text_file: the file.
        tokens: "word" (default) or "character".
        length: the most tokens of a line, from 1; longer ones are left out. Default: those of the
            longest line, but at most 64.
        vocabulary: the most different words or characters, default 5000: the most frequent ones; the
            others become "<unk>".
        test_file: a file of lines that are not trained on but compared with; default: none.
        rhymes: a file that says which words rhyme (`gan_tf.data.rhymes.Rhymes`); default: none.

    Raises:
        UserError: when the file is no text, or has no line, or one.
    """

    name = "text_file"
    flag = "--text_file"
    unit = "line"
    wanted = "line with text in it"
    knows = ("text", "rhymes")  # these where --rhymes is given

    def __init__(
        self,
        text_file: str,
        tokens: str = "word",
        length: int | None = None,
        vocabulary: int = 5000,
        test_file: str | None = None,
        rhymes: str | None = None,
    ):
        super().__init__(text_file, test_file)
        self.rhymes = Rhymes(rhymes) if rhymes else None
        self.knows = TextFile.knows if rhymes else ("text",)
        self._by_word = tokens == "word"
        self._known = None
        sequences = self._parsed()
        counts = collections.Counter(token for _, each, _ in sequences for token in each)
        # The most frequent first; those equally frequent in alphabetical order.
        order = sorted(counts, key=lambda each: (-counts[each], each))
        if len(order) > vocabulary:
            self._known = set(order[: vocabulary - 1])
            rare = sum(counts[each] for each in order[vocabulary - 1 :])
            self.notes.append(
                f"{rare / counts.total():.1%} of the {tokens}s are not among the {vocabulary - 1:,} most "
                f'frequent and become "{UNKNOWN}" (--vocabulary).'
            )
            order = [*order[: vocabulary - 1], UNKNOWN]
            sequences = [(line, self._limited(each), label) for line, each, label in sequences]
        self._take(sequences, order, length, " " if self._by_word else "")
        if self._by_word and counts.total() < 2 * len(sequences):
            self.notes.append("Most lines are one word: --tokens=character may be what you want.")

    def parse(self, text, origin, flag, left_out):
        del origin, flag
        for number, given in enumerate(io.StringIO(text), 1):
            tokens, problem = self._split(given.replace("\t", " ").strip())
            if problem:
                left_out.append((f"line {number}", problem))
            elif tokens:
                yield number, self._limited(tokens), None

    def _split(self, given):
        """The tokens of a line, and None; or [] and why it cannot be used."""
        line = normalized(given)
        if given and not line:
            return [], TOO_MANY_MARKS
        if any(unicodedata.category(each) in ("Cc", "Zl", "Zp") for each in line):
            return [], "it has a control character in it"
        found = (each[0] for each in _WORD.finditer(line)) if self._by_word else line
        tokens = list(itertools.islice(found, LONGEST + 1))
        if len(tokens) > LONGEST:
            return [], TOO_LONG
        if any(len(each) > LONGEST_TOKEN for each in tokens):
            return [], f"it has a word of more than {LONGEST_TOKEN:,} letters"
        return tokens, None

    def _limited(self, tokens):
        """Tokens, the unknown ones replaced once it is known which they are."""
        if self._known is None:
            return tokens
        return [each if each in self._known else UNKNOWN for each in tokens]
