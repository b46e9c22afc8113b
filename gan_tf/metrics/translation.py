"""Metrics of translations between two domains: what is kept of the source."""

import numpy as np

from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS


@METRICS.register("cycle_l1")
class CycleL1(Metric):
    """Mean absolute difference to the source of what is translated there and back, from 0 to 1.

    A small one is not enough: generators can hide a source in faint noise of the output (Chu et al., 2017,
    https://arxiv.org/abs/1712.02950), and an output that is the source is restored best. See
    `robust_cycle_l1`.
    """

    modalities = ("image",)
    needs = ("cycles",)
    without = "compares sources with what two translations restore of them, and there is one"
    bounded = False  # other images are not restored
    minimum = 1
    column = 0

    def score(self, real, fake):
        return Score(float(np.mean(fake.cycles[:, self.column], dtype=np.float64)))


@METRICS.register("robust_cycle_l1")
class RobustCycleL1(CycleL1):
    """The same where the output is rounded to 8 bits and blurred before it is translated back.

    The blur is (1, 2, 1) / 4 along both axes. Far above `cycle_l1`, it shows that the source is hidden in
    faint noise.
    """

    column = 1


@METRICS.register("class_kept")
class ClassKept(Metric):
    """The share of outputs that the features' classifier assigns to the class of their source.

    For domains with the same classes. Its floor is the share of images of the domain that are
    classified correctly, its ceiling that of untranslated sources.
    """

    modalities = ("image",)
    needs = ("probabilities", "labels", "cycles")  # the last: of a translation both ways
    without = "needs the same classes in both domains, all of them, and these have not"
    higher_is_better = True
    minimum = 1

    def score(self, real, fake):
        return Score(float(np.mean(fake.probabilities.argmax(axis=1) == fake.labels)))
