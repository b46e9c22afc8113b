"""Edit distances."""

import numpy as np
import pytest

from gan_tf.metrics.metric import Sample
from gan_tf.metrics.nearest_sequence import edit_distances
from gan_tf.modalities.tokens import Tokens
from gan_tf.registry import METRICS


def slow(first, second):
    """Levenshtein's recursion, as it is written."""
    if not first or not second:
        return len(first) + len(second)
    replaced = slow(first[1:], second[1:]) + (first[0] != second[0])
    return min(replaced, 1 + slow(first[1:], second), 1 + slow(first, second[1:]))


def test_distances_are_levenshteins():
    random = np.random.default_rng(0)
    others = random.integers(1, 4, (12, 6))
    lengths = random.integers(0, 7, 12)
    for count in (0, 1, 4, 7):
        sequence = random.integers(1, 4, count).tolist()
        expected = [slow(sequence, row[:end]) for row, end in zip(others.tolist(), lengths)]
        assert edit_distances(sequence, others, lengths).tolist() == expected


@pytest.mark.parametrize("copies, value", [(True, 0), (False, 0.75)])
def test_the_distance_of_the_nearest_counts_per_token(copies, value):
    modality = Tokens(["", *"abcdefgh"])
    real = Sample(np.array([[1, 2, 3, 4], [1, 2, 0, 0]]), np.zeros((2, 1)))
    others = Sample(np.array([[1, 6, 7, 8], [5, 2, 7, 8]]), np.zeros((2, 1)))
    metric = METRICS.build("nearest_sequence", {"modality": modality})
    assert metric(real, real if copies else others).value == pytest.approx(value)
    assert metric.num_images == 500
