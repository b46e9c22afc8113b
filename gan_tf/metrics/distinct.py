"""Diversity of sequences: how many of their n-grams are different ones."""

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, pooled
from gan_tf.registry import METRICS


@METRICS.register("distinct")
class Distinct(TokenMetric):
    """Distinct n-grams as a part of all (Li et al., 2016): low where samples repeat each other.

    Source: https://arxiv.org/abs/1510.03055, section 5.2.

    Args:
        num_images: generated sequences; the value falls with their number.
        n: tokens of an n-gram, from 1, default 2.
    """

    higher_is_better = True
    best_is_data = True

    def __init__(self, num_images: int = 10_000, n: int = 2, modality=None):
        if n < 1:
            raise UserError(f"n={n} is not a number of tokens: it must be 1 or more.")
        super().__init__(num_images, modality)
        self.n = n

    def score(self, real, fake):
        del real
        counts = pooled(self.sequences(fake), self.n)
        return Score(len(counts) / max(1, counts.total()))
