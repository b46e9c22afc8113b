"""Sequences in a file of one's own: what text files and FASTA files have in common."""

import abc
import collections
import functools
import hashlib
import pathlib
import unicodedata

import numpy as np

from gan_tf.data.examples import LABEL
from gan_tf.data.source import Source
from gan_tf.errors import UserError
from gan_tf.files.plain_file import read_bytes
from gan_tf.modalities.tokens import END

LONGEST = 4096  # tokens; --length takes no more
LONGEST_TOKEN = 1000  # characters; data.json has no longer ones
TOO_LONG = f"it has more than {LONGEST:,} tokens, the most of --length"
TOO_MANY_MARKS = "it has more than 30 accents on one letter"
MOST_SEQUENCES = 2_000_000
_MOST_BYTES = 1 << 28
_MOST_MARKS = 30  # combining marks in a row: Unicode's Stream-Safe Text Format
_BATCH = 10_000


class SequenceFile(Source, abc.ABC):
    """A file of sequences, read whole.

    Subclasses set `flag`, call `_parsed` and `_take`, and define `parse`. A sequence of more than
    `length` tokens is left out: what is cut off would be missing in what a generator makes.

    Attributes:
        flag: the flag that names the file, for messages.
        unit: what a sequence is in the file, for messages.
        wanted: what a file must have, for messages.
        other_flags: those that can be wrong besides, for messages.
    """

    modality = "tokens"
    pairing = "single"
    flag = None
    unit = None
    wanted = None
    other_flags = ""
    terms = "not known to gan_tf: those of the file that was trained on"

    def __init__(self, path, test_file=None):
        self.path = pathlib.Path(path)
        self.test_file = test_file and pathlib.Path(test_file)
        self.notes = []
        self.left_out = []  # (line or record, reason)
        self._digest = hashlib.sha256()

    @abc.abstractmethod
    def parse(self, text, origin, flag, left_out):
        """Yields the sequences of a file.

        Args:
            text: its content, a str.
            origin: what messages call it.
            flag: the flag that names it, for messages.
            left_out: a list, to which (line or record, reason) of those that cannot be used is added.

        Yields:
            (place in the file, list of tokens, at most `LONGEST`, name of the class or None).

        Raises:
            UserError: when it is no such file.
        """

    @property
    def origin(self):
        return f"'{self.path}' ({self.flag})"

    @property
    def skipped(self):
        return self.left_out

    @property
    def cache_key(self):
        return f"{self.name}-1-{self.content()}"

    def content(self, skipped=(), classes=None):
        facts = f"{self.traits} {self.sample_shape} {self.label_names}"
        return hashlib.sha256(self._digest.digest() + facts.encode()).hexdigest()[:16]

    def batches(self):
        yield from self._encoded(self._sequences)

    def held_out(self):
        """Yields the sequences of --test_file, except those that no generator could make."""
        yield from self._encoded(self._test)

    def _parsed(self):
        """The sequences of the file; fills `left_out`.

        Raises:
            UserError: when it is no such file, or none can be used.
        """
        content = self._read(self.path, self.flag)
        self._digest.update(content)
        found = self._all(content, self.origin, self.flag, self.left_out)
        if not found:
            why = _why(self.left_out)
            raise UserError(
                f"{self.origin} has no {self.wanted}{why}{';' if why else ':'} correct "
                f"{self.flag}{self.other_flags}."
            )
        return found

    def _all(self, content, origin, flag, left_out):
        """All sequences of a file's content; equal tokens are one object."""
        found, known = [], {}
        text = decode_text(content, origin, flag)
        for place, tokens, label in self.parse(text, origin, flag, left_out):
            found.append((place, [known.setdefault(each, each) for each in tokens], label))
            if len(found) + len(left_out) > MOST_SEQUENCES:
                raise UserError(too_many(origin, self.unit, flag))
        return found

    def _read(self, path, flag):
        """The content of a file.

        Raises:
            UserError: when it cannot be read.
        """
        try:
            return read_bytes(path, _MOST_BYTES, links=True)
        except (OSError, ValueError) as error:
            raise UserError(
                f"'{path}' cannot be read ({why_unreadable(error)}): correct {flag}."
            ) from error

    def _take(self, sequences, vocabulary, length, separator="", notation="text"):
        """Chooses the sequences that are used, and says what they are.

        Args:
            sequences: the result of `parse`.
            vocabulary: the tokens, in order, without an end.
            length: the most tokens; None: those of the longest sequence, but at most 64.
            separator, notation: traits of the modality.

        Raises:
            UserError: when none is short enough, or there is only one.
        """
        lengths = [len(tokens) for _, tokens, _ in sequences]
        length = length or min(max(lengths), 64)
        kept = [each for each in sequences if len(each[1]) <= length]
        if not kept:
            raise UserError(
                f"Every {self.unit} of {self.origin} has more than {length} tokens, the shortest "
                f"{min(lengths):,}: give a larger --length, at most 4096, or a file of shorter ones."
            )
        if len(kept) < 2:
            raise UserError(
                f"{self.origin} has one {self.unit} of at most {length} tokens, and each is an example: "
                f"give a file of many, or a larger --length."
            )
        varied = len({len(tokens) for _, tokens, _ in kept}) > 1
        length = max(len(tokens) for _, tokens, _ in kept)
        vocabulary = [END, *vocabulary] if varied else list(vocabulary)
        self.traits = {"vocabulary": vocabulary, "separator": separator, "notation": notation}
        self.sample_shape = (length,)
        self.num_examples = len(kept)
        self._sequences = kept
        long = len(sequences) - len(kept)
        self.notes.append(
            f"{self.origin}: {len(kept):,} {self.unit}s of {min(map(len, _tokens(kept)))} to {length} "
            f"tokens, a vocabulary of {len(vocabulary) - varied:,}; {long:,} "
            f"({long / len(sequences):.1%}) were longer and are left out."
        )
        self._test = self._tested() if self.test_file else []

    def _tested(self):
        """The sequences of --test_file that a generator could make."""
        origin, left_out = f"'{self.test_file}' (--test_file)", []
        content = self._read(self.test_file, "--test_file")
        found = self._all(content, origin, "--test_file", left_out)
        fitting = [each for each in found if self._fits(each)]
        if not fitting:
            raise UserError(
                f"{origin} has no {self.unit} of at most {self.sample_shape[0]} tokens, all of which are "
                f"in {self.origin}{_why(left_out)}; correct --test_file."
            )
        return fitting

    @functools.cached_property
    def _index(self):
        return {token: place for place, token in enumerate(self.traits["vocabulary"])}

    def _fits(self, sequence):
        _, tokens, label = sequence
        varied = END in self._index or len(tokens) == self.sample_shape[0]
        known = all(token in self._index for token in tokens)
        labeled = not self.label_names or label in self.label_names
        return varied and known and labeled and len(tokens) <= self.sample_shape[0]

    def _encoded(self, sequences):
        for start in range(0, len(sequences), _BATCH):
            part = sequences[start : start + _BATCH]
            rows = np.zeros((len(part), *self.sample_shape), np.int32)
            for row, (_, tokens, _) in zip(rows, part):
                row[: len(tokens)] = [self._index[token] for token in tokens]
            labels = [self.label_names.index(label) for *_, label in part if self.label_names]
            yield {"tokens": rows} | ({LABEL: np.array(labels)} if self.label_names else {})


def decode_text(content, origin, flag):
    """Returns the text in the bytes of a file: UTF-8, with or without a byte order mark.

    Raises:
        UserError: when it is not text.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UserError(
            f"{origin} is not UTF-8 text (line {line:,}): convert it, or correct {flag}."
        ) from None
    if "\0" in text:
        raise UserError(f"{origin} is a binary file, not text: correct {flag}.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def normalized(text):
    """Returns a line in Unicode's normal form C; "" if it has so many accents that this takes too long.

    It takes the square of the number of accents on a letter.
    """
    run = 0
    for each in "" if text.isascii() else text:
        run = run + 1 if unicodedata.combining(each) else 0
        if run > _MOST_MARKS:
            return ""
    return unicodedata.normalize("NFC", text)


def too_many(origin, unit, flag):
    """Returns a sentence about a file of more than `MOST_SEQUENCES`."""
    return f"{origin} has more than {MOST_SEQUENCES:,} {unit}s: give a part of it with {flag}."


def why_unreadable(error):
    """Returns why a file cannot be read, in plain words."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _why(left_out):
    """A clause that says why most of what was left out was, or ""."""
    reasons = collections.Counter(reason for _, reason in left_out)
    return f": {reasons.most_common(1)[0][0]}" if reasons else ""


def _tokens(sequences):
    return (tokens for _, tokens, _ in sequences)
