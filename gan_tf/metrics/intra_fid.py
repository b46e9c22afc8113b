"""Frechet inception distance within classes."""

import numpy as np

from gan_tf.metrics.fid import fid, frechet_distance, moments
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS


@METRICS.register("intra_fid")
class IntraFID(Metric):
    """Mean FID within each class (Miyato and Koyama, 2018): shows collapse within a class.

    Classes are labels where both have them, else those that the features' classifier finds. A
    class with a single fake is compared as a point, one without any with all fakes.

    Source: https://arxiv.org/abs/1802.05637, section 6.
    """

    needs = ("features", "probabilities")
    higher_is_better = False

    def score(self, real, fake):
        labelled = real.labels is not None and fake.labels is not None
        real_classes, fake_classes = (
            each.labels if labelled else each.probabilities.argmax(axis=1) for each in (real, fake)
        )
        found = []
        for each in np.unique(real_classes):
            theirs = real.features[real_classes == each]
            if len(theirs) < 2:  # no distribution to be compared with
                continue
            mine = fake.features[fake_classes == each]
            if not len(mine):
                mine = fake.features
            if len(mine) == 1:
                mean, covariance = moments(theirs)
                found.append(frechet_distance(mean, covariance, mine[0], np.zeros_like(covariance)))
            else:
                found.append(fid(theirs, mine))
        if not found:
            return Score(fid(real.features, fake.features))
        return Score(float(np.mean(found)))
