"""Divergence of k-mers."""

import numpy as np
import pytest

from gan_tf.metrics.metric import Sample
from gan_tf.registry import METRICS


def sample(*texts):
    rows = np.array([["ACGT".index(letter) for letter in text] for text in texts])
    return Sample(rows, np.zeros((len(texts), 1)))


@pytest.mark.parametrize("order", range(1, 7))
def test_orders(order):
    metric = METRICS.build(f"kmer_js_{order}")
    one, other = sample("AAACCC", "ACACAC"), sample("CCCAAA", "CACACA")
    assert metric(one, one).value == 0
    if order == 1:
        assert metric(one, other).value == 0  # as many of each letter
    else:
        assert 0 < metric(one, other).value <= 1
    assert metric(one, sample("GGGTTT", "GTGTGT")).value == pytest.approx(1)


def test_a_value_by_hand():
    # Pairs of the one: AA, AA; of the other: AA, AC.
    score = METRICS.build("kmer_js_2")(sample("AA", "AA"), sample("AA", "AC"))
    assert score.value == pytest.approx(0.311278, abs=1e-6)
