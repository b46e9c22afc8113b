"""BLEU: how many n-grams of generated sequences real ones have."""

import bisect
import collections
import math

import numpy as np

from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, standard_error
from gan_tf.registry import METRICS

_EPSILON = 0.1  # the numerator of an order without a match: smoothing method 1


class _Bleu(TokenMetric):
    order = None
    higher_is_better = True

    def score(self, real, fake):
        values = bleu(self.sequences(real), self.sequences(fake), self.order)
        return Score(float(values.mean()), standard_error(values))


@METRICS.register("bleu_2")
class Bleu2(_Bleu):
    """BLEU-2 against all real sequences, as Texygen: words and pairs that occur in real ones.

    Source: Papineni et al., "BLEU", 2002; Zhu et al., "Texygen", 2018 (https://arxiv.org/abs/1802.01886).
    """

    order = 2


@METRICS.register("bleu_3")
class Bleu3(_Bleu):
    """BLEU-3, likewise, up to three words."""

    order = 3


@METRICS.register("bleu_4")
class Bleu4(_Bleu):
    """BLEU-4, likewise, up to four words."""

    order = 4


@METRICS.register("bleu_5")
class Bleu5(_Bleu):
    """BLEU-5, likewise, up to five words."""

    order = 5


class _SelfBleu(TokenMetric):
    order = None
    higher_is_better = False
    best_is_data = True

    def score(self, real, fake):
        del real
        values = self_bleu(self.sequences(fake), self.order)
        return Score(float(values.mean()), standard_error(values))


@METRICS.register("self_bleu_2")
class SelfBleu2(_SelfBleu):
    """BLEU-2 of each generated sequence against the others: high where they are alike.

    Source: Zhu et al., "Texygen", 2018 (https://arxiv.org/abs/1802.01886).
    """

    order = 2


@METRICS.register("self_bleu_3")
class SelfBleu3(_SelfBleu):
    """BLEU-3 of each generated sequence against the others."""

    order = 3


@METRICS.register("self_bleu_4")
class SelfBleu4(_SelfBleu):
    """BLEU-4 of each generated sequence against the others."""

    order = 4


@METRICS.register("self_bleu_5")
class SelfBleu5(_SelfBleu):
    """BLEU-5 of each generated sequence against the others."""

    order = 5


def bleu(references, hypotheses, order):
    """Returns the BLEU of each hypothesis against all references: float (n,), from 0 to 1.

    The geometric mean of the precisions of n-grams, n from 1 to `order`, with equal weights, times the
    brevity penalty of the reference whose length is closest (of two the shorter). The count of an
    n-gram is limited to the largest in one reference. An order without a match has the numerator 0.1
    (Chen and Cherry, 2014, smoothing method 1); without a match of single tokens, the value is 0.

    Source: Papineni et al., 2002 (https://aclanthology.org/P02-1040), section 2; equal to
    `nltk.translate.bleu_score.sentence_bleu`, as Texygen (Zhu et al., 2018) calls it.

    Args:
        references, hypotheses: lists of lists of tokens, ints from 0.
        order: the longest n-grams.
    """
    matches = []
    for rows, grams, counts in _counted([*references, *hypotheses], order):
        largest = np.zeros(grams.max(initial=0) + 1, int)
        of_reference = rows < len(references)
        np.maximum.at(largest, grams[of_reference], counts[of_reference])
        rows, grams, counts = (each[~of_reference] for each in (rows, grams, counts))
        limited = np.minimum(counts, largest[grams])
        matches.append(np.bincount(rows - len(references), limited, len(hypotheses)))
    lengths = sorted({len(each) for each in references})
    penalties = [_brevity(len(each), lengths) for each in hypotheses]
    return _combined(matches, hypotheses, penalties)


def self_bleu(sequences, order):
    """Returns the BLEU of each sequence against all others, without itself: float (n,).

    Definitions of self-BLEU differ in whether the hypothesis stays among the references: here it does
    not. Otherwise as `bleu`.

    Source: Zhu et al., "Texygen", 2018 (https://arxiv.org/abs/1802.01886), section 2.3.
    """
    matches = []
    for rows, grams, counts in _counted(sequences, order):
        # The two largest counts of each n-gram: that of the others is the first that is not its own.
        first, second = np.zeros((2, grams.max(initial=0) + 1), int)
        descending = np.lexsort((-counts, grams))
        ordered = grams[descending]
        starts = np.flatnonzero(np.diff(ordered, prepend=-1))
        first[ordered[starts]] = counts[descending][starts]
        nexts = starts + 1
        nexts = nexts[nexts < len(ordered)]
        nexts = nexts[ordered[nexts] == ordered[nexts - 1]]
        second[ordered[nexts]] = counts[descending][nexts]
        of_others = np.where(counts == first[grams], second[grams], first[grams])
        matches.append(np.bincount(rows, np.minimum(counts, of_others), len(sequences)))
    sizes = collections.Counter(map(len, sequences))
    lengths = sorted(sizes)
    penalties = []
    for each in sequences:
        alone = sizes[len(each)] == 1
        rest = [size for size in lengths if size != len(each)] if alone else lengths
        penalties.append(_brevity(len(each), rest))
    return _combined(matches, sequences, penalties)


def _counted(sequences, order):
    """Yields for each n (rows, n-grams, counts): how often which n-gram is in which sequence."""
    lengths = np.array([len(each) for each in sequences])
    tokens = np.zeros((len(sequences), max(lengths.max(initial=0), 1)), np.int64)
    for row, each in zip(tokens, sequences):
        row[: len(each)] = each
    grams, base = np.zeros_like(tokens), tokens.max(initial=0) + 1
    for n in range(1, order + 1):
        # Each n-gram has a number: that of the n-gram before its last token, and the token.
        width = max(0, tokens.shape[1] - n + 1)
        longer = grams[:, :width] * base + tokens[:, n - 1 : n - 1 + width]
        _, numbers = np.unique(longer, return_inverse=True)
        grams = numbers.reshape(longer.shape)
        rows, places = np.nonzero(np.arange(width) <= (lengths - n)[:, None])
        size = grams.max(initial=0) + 1
        pairs, counts = np.unique(rows * size + grams[rows, places], return_counts=True)
        yield pairs // size, pairs % size, counts


def _combined(matches, hypotheses, penalties):
    """The BLEU of each hypothesis, given its matches of each order, [(n,)]."""
    lengths = np.array([len(each) for each in hypotheses])
    logs = [
        np.log(np.where(each > 0, each, _EPSILON) / np.maximum(1, lengths - n))
        for n, each in enumerate(matches)
    ]
    values = np.array(penalties) * np.exp(np.mean(logs, axis=0))
    return np.where(matches[0] > 0, values, 0.0)


def _brevity(length, lengths):
    """The brevity penalty, given the sorted lengths of the references."""
    place = bisect.bisect_left(lengths, length)
    near = lengths[max(0, place - 1) : place + 1]
    closest = min(near, key=lambda each: (abs(each - length), each))
    if length > closest:
        return 1.0
    return math.exp(1 - closest / length) if length else 0.0
