"""What the metrics of sequences have in common."""

import collections

import numpy as np

from gan_tf.metrics.metric import Metric


class TokenMetric(Metric):
    """The base class of the metrics of sequences of tokens.

    Args:
        num_images: sequences of each kind.
        modality: `gan_tf.modalities.tokens.Tokens`, whose vocabulary says where sequences end;
            default: each row is whole.
        source: the data set, for metrics that need what it knows.
    """

    modalities = ("tokens",)
    needs = ("samples",)

    def __init__(self, num_images: int = 10_000, modality=None, source=None):
        super().__init__(num_images)
        self._modality = modality
        self._source = source

    def sequences(self, sample):
        """Returns the tokens of each sequence before its end: lists of ints."""
        rows = np.asarray(sample.samples)
        if self._modality is None:
            return rows.tolist()
        lengths = self._modality.lengths(rows).tolist()
        return [row[:length] for row, length in zip(rows.tolist(), lengths)]


def pooled(sequences, n):
    """Returns the counts of n-grams of all sequences together."""
    counts = collections.Counter()
    for each in sequences:
        counts.update(zip(*(each[start:] for start in range(n))))
    return counts


def js_divergence(first, second):
    """Returns the Jensen-Shannon divergence of two distributions in bits, from 0 to 1.

    Args:
        first, second: {value: count}; without any value, 1 if the other has some, else 0.
    """
    if not first or not second:
        return float(bool(first) != bool(second))
    values = list(first.keys() | second.keys())
    p, q = (np.array([each.get(value, 0) for value in values], float) for each in (first, second))
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    halves = (np.sum(each * np.log2(np.where(each > 0, each / middle, 1))) for each in (p, q))
    return float(max(0.0, sum(halves) / 2))


def standard_error(values):
    """Returns the standard error of a mean."""
    return float(np.std(values) / len(values) ** 0.5)
