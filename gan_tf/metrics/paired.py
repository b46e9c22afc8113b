"""Metrics of a translation: outputs beside their targets, one by one."""

import numpy as np

from gan_tf.metrics import image_similarity
from gan_tf.metrics.metric import Metric, Score
from gan_tf.registry import METRICS

_MOST_DECIBELS = 100.0  # of equal images, whose ratio is infinite
_CHUNK = 500


class PairedMetric(Metric):
    """The base class: the mean over pairs of a target and its output.

    Subclasses define `of_pairs`, a function of two arrays of images.

    Attributes:
        paired: True: sample k is compared with real sample k.
    """

    paired = True
    modalities = ("image",)
    needs = ("samples",)
    minimum = 1

    def score(self, real, fake):
        values = [
            self.of_pairs(real.samples[at : at + _CHUNK], fake.samples[at : at + _CHUNK])
            for at in range(0, len(fake), _CHUNK)
        ]
        return Score(float(np.mean(np.concatenate(values), dtype=np.float64)))


@METRICS.register("psnr")
class PSNR(PairedMetric):
    """Peak signal-to-noise ratio to the target in dB, the mean over images, each at most 100."""

    higher_is_better = True

    def of_pairs(self, targets, outputs):
        return np.minimum(image_similarity.psnr(targets, outputs), _MOST_DECIBELS)


@METRICS.register("ssim")
class SSIM(PairedMetric):
    """Structural similarity to the target (Wang et al., 2004): 1 is equal; the mean over images.

    Source: "Image quality assessment: from error visibility to structural similarity"; Gaussian
    window of 11 pixels, sigma 1.5, the mean over the channels.
    """

    higher_is_better = True

    def of_pairs(self, targets, outputs):
        return image_similarity.ssim(targets, outputs)


@METRICS.register("l1")
class MeanAbsoluteError(PairedMetric):
    """Mean absolute difference to the target, for values from 0 to 1."""

    def of_pairs(self, targets, outputs):
        difference = np.abs(targets.astype(np.float64) - outputs) / 255
        return difference.mean(axis=(1, 2, 3))
