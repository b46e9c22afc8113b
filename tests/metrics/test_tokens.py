"""What the metrics of sequences are made of."""

import pytest

from gan_tf.metrics.tokens import js_divergence, pooled, standard_error


def test_ngrams():
    assert pooled([[1, 2], [1, 2, 3], [1]], 2) == {(1, 2): 2, (2, 3): 1}


@pytest.mark.parametrize(
    "first, second, bits",
    [
        ({"a": 1}, {"a": 5}, 0),
        ({"a": 1}, {"b": 1}, 1),
        ({"a": 1, "b": 1}, {"a": 2}, 0.311278),  # (log2(4/3) + (log2(2/3) + log2(2)) / 2) / 2
        ({}, {"a": 1}, 1),
        ({}, {}, 0),
    ],
)
def test_js_divergence(first, second, bits):
    assert js_divergence(first, second) == pytest.approx(bits, abs=1e-6)
    assert js_divergence(second, first) == pytest.approx(bits, abs=1e-6)


def test_standard_error():
    assert standard_error([0, 1, 0, 1]) == 0.25
