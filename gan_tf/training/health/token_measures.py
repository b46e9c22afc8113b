"""Measures of a batch of sequences: how many repeat each other, how much of them is like no real one."""

import math

import numpy as np

_STRETCHES = 100_000  # possible n-grams, at least, where n is from 2 to 6
_MOST = 20_000  # real sequences whose n-grams are known
_SHARED = 0.1  # of the real sequences, which are measured against the others


class TokenMeasures:
    """Measures batches of sequences against real ones.

    Args:
        reals: stored sequences, int (n, length), n at least 2.
    """

    modalities = ("tokens",)

    def __init__(self, reals):
        reals = np.asarray(reals[:_MOST])
        self._n = _order(int(reals.max()) + 1, reals.shape[1])
        others = max(1, round(_SHARED * len(reals)))
        known = np.unique(_ngrams(reals[others:], self._n))
        self._usual = self._unseen(reals[:others], known)
        self._known = np.unique(np.concatenate([known, _ngrams(reals[:others], self._n)]))
        self._repeated = _repeated(reals[:others])

    def __call__(self, samples):
        """Returns {name: float}, from 0 to 1, above those of real sequences.

        repeated: the share of samples that an earlier one of the batch equals.
        unseen_ngrams: the share of n-grams that no real sequence has, n from 2 (words) to 6 (DNA).

        Args:
            samples: stored sequences, int (n, length).
        """
        samples = np.asarray(samples)
        unseen = self._unseen(samples, self._known)
        return {
            "repeated": max(0.0, _repeated(samples) - self._repeated),
            "unseen_ngrams": max(0.0, unseen - self._usual),
        }

    def _unseen(self, samples, known):
        grams = _ngrams(samples, self._n)
        return float(np.isin(grams, known, invert=True).sum() / max(1, len(grams)))


def _order(vocabulary, length):
    """The n of the n-grams: the smallest with enough possible ones, from 2 to 6."""
    n = math.ceil(math.log(_STRETCHES) / math.log(max(2, vocabulary)))
    return min(max(n, 2), 6, length)


def _ngrams(rows, n):
    """The n-grams of sequences as int64 keys, without those of padding alone."""
    width = rows.shape[1] - n + 1
    keys, inside = np.zeros((len(rows), width), np.int64), np.zeros((len(rows), width), bool)
    for at in range(n):
        tokens = rows[:, at : at + width]
        keys = keys * 1_000_003 + tokens + 1  # wraps around
        inside |= tokens > 0
    return keys[inside]


def _repeated(rows):
    """The share of rows that an earlier row equals."""
    return 1 - len(np.unique(rows, axis=0)) / len(rows)
