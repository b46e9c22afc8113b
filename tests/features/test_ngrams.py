"""Counts of n-grams."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.registry import FEATURES


def test_counts_are_those_of_the_ngrams_whatever_their_place():
    extract = FEATURES.build("ngrams")
    (features, classes), rows = extract(np.array([[1, 2, 3, 1, 2], [1, 2, 1, 2, 3]])), 5
    assert classes is None
    # 5 tokens, 4 pairs, 3 triples: 12 of 5 positions.
    np.testing.assert_allclose(features.sum(axis=1), 12 / rows, rtol=1e-6)
    assert sorted(features[0][features[0] > 0]) == pytest.approx([0.2] * 6 + [0.4] * 3)
    ones, _ = FEATURES.build("ngrams(1)")(np.array([[1, 2, 3], [3, 1, 2]]))
    np.testing.assert_array_equal(*ones)
    assert FEATURES.build("ngrams(1)").digest != extract.digest


def test_an_impossible_n():
    with pytest.raises(UserError, match="n must be from 1 to 16"):
        FEATURES.build("ngrams(0)")
