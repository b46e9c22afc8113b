"""KID against the sums of its definition."""

import itertools

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.kid import KID, kid

RANDOM = np.random.default_rng(0)
REAL, FAKE = RANDOM.normal(0, 1, (9, 4)), RANDOM.normal(0.5, 1, (9, 4))


def test_agrees_with_the_definition():
    def k(x, y):
        return (x @ y / 4 + 1) ** 3

    pairs = list(itertools.permutations(range(9), 2))
    expected = np.mean([k(REAL[i], REAL[j]) + k(FAKE[i], FAKE[j]) for i, j in pairs])
    expected -= 2 * np.mean([k(x, y) for x in REAL for y in FAKE])
    value, error = kid(REAL, FAKE, subsets=3, subset_size=9)
    assert value == pytest.approx(expected)
    assert error == pytest.approx(0, abs=1e-12)  # all subsets are the whole


def test_is_unbiased():
    """Small samples of one distribution: around 0, on both sides."""
    random = np.random.default_rng(1)
    values = [kid(*random.normal(0, 1, (2, 20, 4)), 1, 20)[0] for _ in range(300)]
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(300)
    assert min(values) < 0 < max(values)


def test_the_standard_error_is_that_of_the_mean_over_subsets():
    random = np.random.default_rng(2)
    real, fake = random.normal(0, 1, (500, 4)), random.normal(1, 1, (500, 4))
    value, error = kid(real, fake, subsets=50, subset_size=50)
    whole, none = kid(real, fake, subsets=1, subset_size=500)
    assert value == pytest.approx(whole, abs=5 * error)
    assert none is None


def test_senseless_arguments_are_refused():
    with pytest.raises(UserError, match="1 subset or more"):
        KID(subsets=0)
