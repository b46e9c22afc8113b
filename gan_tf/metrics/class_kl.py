"""Divergence of the generated classes from the real ones."""

import numpy as np

from gan_tf.metrics.metric import Metric, Score, class_counts
from gan_tf.registry import METRICS


@METRICS.register("class_kl")
class ClassKL(Metric):
    """KL divergence of the fakes' class frequencies from the reals' (Metz et al., 2017), in nats.

    Classes are predicted by the features' classifier; a class of no real image counts as half an
    image, so that the value stays finite. 0 or more; complete collapse to one of ten balanced
    classes gives ln 10 = 2.30.

    Source: https://arxiv.org/abs/1611.02163, section 3.3.
    """

    needs = ("probabilities",)
    higher_is_better = False

    def score(self, real, fake):
        return Score(class_kl(class_counts(real), class_counts(fake)))


def class_kl(real_counts, fake_counts):
    """Computes KL(fake || real) of two histograms, (classes,); returns a float, 0 or more."""
    there = fake_counts > 0
    real = np.where(there, np.maximum(real_counts, 0.5), real_counts)
    real, fake = (real / real.sum())[there], (fake_counts / fake_counts.sum())[there]
    return max(0.0, float(np.sum(fake * np.log(fake / real))))
