"""The number of generated classes."""

import numpy as np

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Metric, Score, class_counts
from gan_tf.registry import METRICS


@METRICS.register("mode_count")
class ModeCount(Metric):
    """Number of classes among the fakes (Metz et al., 2017): fewer than the reals' means collapse.

    A class counts if its frequency, by the features' classifier, is at least `at_least` times its
    frequency among the reals: an imperfect classifier finds a few images of every class.

    Source: https://arxiv.org/abs/1611.02163, section 3.3, where one image is enough.

    Args:
        num_images: images of each kind.
        at_least: fraction of the real frequency, 0 to 1, default 0.1; 0: one image is enough.
    """

    needs = ("probabilities",)
    higher_is_better = True

    def __init__(self, num_images: int = 10_000, at_least: float = 0.1):
        super().__init__(num_images)
        if not 0 <= at_least <= 1:
            raise UserError(f"at_least={at_least} is not a fraction: it must be from 0 to 1.")
        self.at_least = at_least

    def score(self, real, fake):
        real, fake = class_counts(real), class_counts(fake)
        # Slightly lower, so that rounding does not affect frequencies at the threshold.
        least = self.at_least * (1 - 1e-9) * real / real.sum()
        enough = fake / fake.sum() >= least
        return Score(float(np.count_nonzero(enough & (fake > 0) & (real > 0))))
