"""The form of poems: their lines, and which of them rhyme."""

import collections
import unicodedata

import numpy as np

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, standard_error
from gan_tf.registry import METRICS

_FREQUENT = 0.01  # the least share of real sequences that have a form


@METRICS.register("line_form")
class LineForm(TokenMetric):
    """The share of sequences that have a form of the real ones: lengths of lines and punctuation.

    The form of a sequence is the sequence with all tokens but punctuation marks made equal. Forms count
    that one in a hundred real sequences has, or more: prose has none.
    """

    knows = ("text",)
    higher_is_better = True

    def score(self, real, fake):
        forms = self._forms(real)
        frequent = {
            form
            for form, count in collections.Counter(forms).items()
            if count >= _FREQUENT * len(forms)
        }
        values = [form in frequent for form in self._forms(fake)]
        return Score(float(np.mean(values)), standard_error(values))

    def _forms(self, sample):
        words = self._modality.vocabulary
        marks = {token: token for token, word in enumerate(words) if is_mark(word)}
        return [tuple(marks.get(token) for token in each) for each in self.sequences(sample)]


@METRICS.register("rhyme")
class Rhyme(TokenMetric):
    """The share of sequences whose lines 2 and 4 end with different words that rhyme (--rhymes).

    Lines end at punctuation marks, which stand between them. A sequence without these lines has no
    rhyme, nor has one whose lines end with the same word, or with words that --rhymes does not know.

    Args:
        num_images: sequences of each kind.
        first: the number of a line, from 1, default 2.
        second: the number of the line that rhymes with it, default 4.
    """

    knows = ("rhymes",)
    higher_is_better = True

    def __init__(
        self, num_images: int = 10_000, first: int = 2, second: int = 4, modality=None, source=None
    ):
        if min(first, second) < 1:
            raise UserError(f"rhyme({first=}, {second=}): lines have the numbers 1, 2, 3, ...")
        super().__init__(num_images, modality, source)
        self.first, self.second = first, second
        self.file = getattr(source, "rhymes", None) and source.rhymes.digest  # bounds depend on it

    def score(self, real, fake):
        del real
        words = self._modality.vocabulary
        values = []
        for each in self.sequences(fake):
            ends = line_ends([words[token] for token in each])
            there = max(self.first, self.second) <= len(ends)
            values.append(
                there and self._source.rhymes(ends[self.first - 1], ends[self.second - 1])
            )
        return Score(float(np.mean(values)), standard_error(values))


def is_mark(word):
    """Whether a token is a punctuation mark."""
    return bool(word) and all(unicodedata.category(each)[0] == "P" for each in word)


def line_ends(words):
    """Returns the last word of each line of a list of tokens; marks end lines, spaces are no words."""
    ends, last = [], None
    for word in [*words, "."]:
        if is_mark(word):
            ends += [] if last is None else [last]
            last = None
        elif not word.isspace():
            last = word
    return ends
