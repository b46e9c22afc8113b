"""AUROC and AUPRC, by hand and against scikit-learn."""

import numpy as np
import pytest

from gan_tf.metrics.ranking import auroc, average_precision

ANOMALOUS = np.array([False, True, False, True])


@pytest.mark.parametrize(
    "scores, expected",
    [
        ([1, 2, 3, 4], 3 / 4),  # of the pairs only (3, 2) is the wrong way round
        ([1, 3, 2, 4], 1),
        ([4, 1, 3, 2], 0),
        ([5, 5, 5, 5], 1 / 2),
        ([1, 2, 2, 3], 3.5 / 4),  # a tie counts half
    ],
)
def test_auroc(scores, expected):
    assert auroc(np.array(scores), ANOMALOUS) == pytest.approx(expected)


@pytest.mark.parametrize(
    "scores, expected",
    [
        ([1, 2, 3, 4], (1 + 2 / 3) / 2),
        ([1, 3, 2, 4], 1),
        ([5, 5, 5, 5], 1 / 2),  # the share
    ],
)
def test_average_precision(scores, expected):
    assert average_precision(np.array(scores), ANOMALOUS) == pytest.approx(expected)


def test_average_precision_at_another_share():
    # Anomalies that weigh a third, so that they are a quarter of all.
    expected = (1 + (2 / 3) / (2 / 3 + 1)) / 2
    assert average_precision(np.array([1, 2, 3, 4]), ANOMALOUS, 0.25) == pytest.approx(expected)
    assert average_precision(np.ones(4), ANOMALOUS, 0.1) == pytest.approx(0.1)


def test_agree_with_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    random = np.random.default_rng(0)
    scores = random.integers(0, 30, 300) / 7  # with ties
    anomalous = random.random(300) < 0.3
    assert auroc(scores, anomalous) == pytest.approx(metrics.roc_auc_score(anomalous, scores))
    assert average_precision(scores, anomalous) == pytest.approx(
        metrics.average_precision_score(anomalous, scores)
    )
