"""Diversity by multi-scale structural similarity."""

import numpy as np
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS

_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # Wang et al., 2003, from fine to coarse
_CHUNK = 100


@METRICS.register("ms_ssim")
class MSSSIM(Metric):
    """Mean multi-scale similarity of pairs of fakes (Odena et al., 2017): low is diverse.

    From 0 to 1, over random pairs, within a class: of the labels if the fakes have them, else as
    predicted by the features' classifier, if they have one; real images are treated alike. A value
    far above that of real images means that the samples look alike; one far below, that they are
    not images like these: noise, which is most diverse, has about 0.

    Source: https://arxiv.org/abs/1610.09585, section 4.2.

    Args:
        num_images: generated images from which pairs are drawn.
        pairs: the number of pairs, drawn with a fixed seed.
    """

    modalities = ("image",)
    needs = ("samples",)
    higher_is_better = False
    best_is_data = True

    def __init__(self, num_images: int = 10_000, pairs: int = 1000):
        super().__init__(num_images)
        if pairs < 1:
            raise UserError("ms_ssim needs 1 pair or more.")
        self.pairs = pairs

    def score(self, real, fake):
        del real
        first, second = _pairs(fake.classes(), len(fake), self.pairs)
        values = [
            ms_ssim(fake.samples[first[at : at + _CHUNK]], fake.samples[second[at : at + _CHUNK]])
            for at in range(0, len(first), _CHUNK)
        ]
        return Score(float(np.mean(np.concatenate(values), dtype=np.float64)))


def ms_ssim(first, second):
    """Computes the similarity of pairs of images (Wang et al., 2003).

    Images below 176 pixels are too small for the published five scales with an 11-pixel window:
    as many scales are used as leave 7 pixels, with a window of 7 and weights that sum to 1.

    Args:
        first, second: uint8 (n, height, width, channels), 7 pixels or more.

    Returns:
        float32 (n,), from 0 to 1.
    """
    size = min(first.shape[1:3])
    scales = min(5, int(np.log2(size / 7)) + 1)
    weights = np.array(_WEIGHTS[:scales]) / sum(_WEIGHTS[:scales])
    window = 11 if size >= 11 * 2**4 else 7
    found = tf.image.ssim_multiscale(first, second, 255, weights.tolist(), window)
    return np.asarray(found)


def _pairs(classes, count, pairs):
    """The indices of random pairs of different images, within a class if classes are given."""
    random = np.random.default_rng(0)
    classes = np.zeros(count, np.int64) if classes is None else classes
    members = [np.flatnonzero(classes == each) for each in np.unique(classes)]
    members = [each for each in members if len(each) > 1] or [np.arange(count)]
    sizes = np.array([len(each) for each in members])
    chosen = random.choice(len(members), pairs, p=sizes / sizes.sum())
    drawn = (random.choice(members[each], 2, replace=False) for each in chosen)
    return np.array(list(drawn)).T
