"""KID against the sums of its definition."""

import itertools

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.kid import KID, _squared_discrepancy, kid

RANDOM = np.random.default_rng(0)
REAL, FAKE = RANDOM.normal(0, 1, (9, 4)), RANDOM.normal(0.5, 1, (9, 4))


def test_agrees_with_the_definition():
    def k(x, y):
        return (x @ y / 4 + 1) ** 3

    pairs = list(itertools.permutations(range(9), 2))
    expected = np.mean([k(REAL[i], REAL[j]) + k(FAKE[i], FAKE[j]) for i, j in pairs])
    expected -= 2 * np.mean([k(x, y) for x in REAL for y in FAKE])
    assert _squared_discrepancy(REAL, FAKE) == pytest.approx(expected)


def test_is_unbiased():
    """Small samples of one distribution: around 0, on both sides."""
    random = np.random.default_rng(1)
    values = [kid(*random.normal(0, 1, (2, 40, 4)), 1)[0] for _ in range(300)]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(300)
    assert min(values) < 0 < max(values)


def test_the_standard_error_is_about_the_deviation_of_the_score():
    """Of scores of new samples each time, though subsets share images."""
    random = np.random.default_rng(2)
    found = [
        kid(random.normal(0, 1, (400, 4)), random.normal(0.7, 1, (400, 4)), 30, 100)
        for _ in range(60)
    ]
    values, errors = zip(*found)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.35)
    assert kid(REAL, FAKE, subsets=1)[1] is None


def test_senseless_arguments_are_refused():
    with pytest.raises(UserError, match="1 subset or more"):
        KID(subsets=0)
