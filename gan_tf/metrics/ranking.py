"""How well scores separate anomalies from the rest."""

import numpy as np


def auroc(scores, anomalous):
    """Area under the ROC curve: the fraction of pairs in which the anomaly has the larger score.

    Ties count half.

    Args:
        scores: float (n,), larger means more anomalous.
        anomalous: bool (n,), with both values.

    Returns:
        From 0 to 1; 0.5 by chance.
    """
    _, ranks, counts = np.unique(scores, return_inverse=True, return_counts=True)
    # The mean rank, from 1, of equal scores.
    mean_ranks = (np.cumsum(counts) - (counts - 1) / 2)[ranks]
    positives = np.count_nonzero(anomalous)
    wins = mean_ranks[anomalous].sum() - positives * (positives + 1) / 2
    return float(wins / (positives * (len(scores) - positives)))


def average_precision(scores, anomalous, prevalence=None):
    """Area under the precision-recall curve, as the mean precision at the anomalies.

    Args:
        scores, anomalous: as for `auroc`.
        prevalence: the fraction of anomalies, between 0 and 1, to which they are reweighted;
            None: no reweighting.

    Returns:
        From 0 to 1; the prevalence by chance.
    """
    positives = np.count_nonzero(anomalous)
    weight = 1.0
    if prevalence is not None:
        weight = prevalence / (1 - prevalence) * (len(scores) - positives) / positives
    values, groups = np.unique(-np.asarray(scores), return_inverse=True)
    hits = np.bincount(groups, weights=weight * anomalous, minlength=len(values))
    misses = np.bincount(groups, weights=~anomalous, minlength=len(values))
    precision = np.cumsum(hits) / (np.cumsum(hits) + np.cumsum(misses))
    return float(np.sum(precision * hits) / np.sum(hits))
