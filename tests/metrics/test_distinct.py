"""The share of different n-grams."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Sample
from gan_tf.modalities.tokens import Tokens
from gan_tf.registry import METRICS

ROWS = Sample(np.array([[1, 2, 1, 2], [1, 2, 0, 0]]), np.zeros((2, 1)))


def test_values():
    modality = Tokens(["", "a", "b"])
    for spec, expected in (("distinct", 2 / 4), ("distinct(n=1)", 2 / 6), ("distinct(n=4)", 1)):
        assert METRICS.build(spec, {"modality": modality})(ROWS, ROWS).value == expected
    assert METRICS.build("distinct(n=4)", {"modality": modality})(ROWS, ROWS).value == 1.0
    assert METRICS.build("distinct(n=9)")(ROWS, ROWS).value == 0.0


def test_an_impossible_n():
    with pytest.raises(UserError, match="n=0"):
        METRICS.build("distinct(n=0)")
