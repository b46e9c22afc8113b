"""What a classifier, or another scorer of the user's own, thinks of sequences."""

import numpy as np

from gan_tf.errors import UserError
from gan_tf.features import scorer as scorers
from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, standard_error
from gan_tf.registry import METRICS


@METRICS.register("scored")
class Scored(TokenMetric):
    """The share of sequences that an external scorer gives more than a threshold: a classifier's score.

    It is computed only where it is asked for, with a scorer.

    Args:
        num_images: sequences of each kind.
        scorer: a .keras file, whose model takes tokens (n, length) or one-hot rows and returns a number,
            or "module:function", a function of a list of texts.
        threshold: of the score, default 0.8.
    """

    higher_is_better = True
    by_default = False

    def __init__(
        self, num_images: int = 10_000, scorer: str = "", threshold: float = 0.8, modality=None
    ):
        super().__init__(num_images, modality)
        if not scorer:
            raise UserError(
                "scored needs a scorer: give scored(scorer='model.keras'), or a function."
            )
        scorers.check(scorer)
        self.scorer, self.threshold = scorer, threshold
        self._score = None

    def score(self, real, fake):
        del real
        rows = np.asarray(fake.samples)
        if self._score is None:
            self._score = scorers.load(self.scorer, self._modality, rows.shape[1])
        values = self._score(rows) > self.threshold
        return Score(float(values.mean()), standard_error(values))
