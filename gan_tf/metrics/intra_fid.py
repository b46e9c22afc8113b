"""Frechet inception distance within classes."""

import numpy as np

from gan_tf.metrics.fid import fid, frechet_distance, moments
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS


@METRICS.register("intra_fid")
class IntraFID(Metric):
    """Mean FID within each class (Miyato and Koyama, 2018): shows collapse within a class.

    Classes are the labels if the fakes have them, else predictions of the features' classifier. A
    single fake of a class is treated as a point; for a class without fakes all fakes are used.

    Source: https://arxiv.org/abs/1802.05637, section 6.
    """

    needs = ("features", "probabilities")
    higher_is_better = False

    def score(self, real, fake):
        labeled = real.labels is not None and fake.labels is not None
        real_classes, fake_classes = (
            each.labels if labeled else each.probabilities.argmax(axis=1) for each in (real, fake)
        )
        found = []
        for each in np.unique(real_classes):
            reals = real.features[real_classes == each]
            if len(reals) < 2:  # not enough for a covariance
                continue
            fakes = fake.features[fake_classes == each]
            if not len(fakes):
                fakes = fake.features
            if len(fakes) == 1:
                mean, covariance = moments(reals)
                found.append(
                    frechet_distance(mean, covariance, fakes[0], np.zeros_like(covariance))
                )
            else:
                found.append(fid(reals, fakes))
        if not found:
            return Score(fid(real.features, fake.features))
        return Score(float(np.mean(found)))
