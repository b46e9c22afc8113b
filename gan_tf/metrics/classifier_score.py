"""The Inception score, with any classifier."""

import numpy as np

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS


@METRICS.register("classifier_score")
class ClassifierScore(Metric):
    """Inception score (Salimans et al., 2016) of the features' classifier: certain and diverse.

    exp of the mean KL divergence of an image's class probabilities from the mean of all images:
    from 1 to the number of classes. It ignores real images. Mean over splits of the sample, with
    the standard error of this mean.

    Source: https://arxiv.org/abs/1606.03498, section 4.

    Args:
        num_images: generated images.
        splits: the number of consecutive splits.
    """

    needs = ("probabilities",)
    higher_is_better = True
    best_is_data = True

    def __init__(self, num_images: int = 10_000, splits: int = 10):
        if splits < 1:
            raise UserError("classifier_score needs 1 split or more.")
        self.splits = splits
        self.minimum = max(2, splits)
        super().__init__(num_images)

    def score(self, real, fake):
        del real
        parts = np.array_split(np.asarray(fake.probabilities, np.float64), self.splits)
        scores = [classifier_score(each) for each in parts]
        error = np.std(scores, ddof=1) / np.sqrt(len(scores)) if len(scores) > 1 else None
        return Score(float(np.mean(scores)), None if error is None else float(error))


def classifier_score(probabilities):
    """Computes exp E KL(p(y|x) || p(y)) of (n, classes) probabilities; returns a float."""
    probabilities = np.asarray(probabilities, np.float64)
    ratio = probabilities / probabilities.mean(axis=0, keepdims=True).clip(1e-300)
    terms = probabilities * np.log(np.where(probabilities > 0, ratio, 1))
    return float(np.exp(max(0.0, terms.sum(axis=1).mean())))
