"""Measures of one small batch of samples: how far it is from the data.

Pure functions of NumPy arrays, relative to the values of real images, so that 1 is the value of
real images. They are cheap and coarse, for monitoring only (see `gan_tf.metrics` for scores).
"""

import functools

import numpy as np

from gan_tf.training.health.sound_measures import SoundMeasures
from gan_tf.training.health.symptoms import Checkerboard
from gan_tf.training.health.token_measures import TokenMeasures
from gan_tf.training.health.video_measures import VideoMeasures

_EPSILON = 1e-6
_OF_KINDS = (TokenMeasures, SoundMeasures, VideoMeasures)  # measures of samples of some modalities


def spread(features):
    """Returns the mean distance between two different rows of float (n, d), n at least 2."""
    return _distances(features, features).sum() / (len(features) * (len(features) - 1))


def nearest(features, others):
    """Returns the mean distance from a row of float (n, d) to the nearest row of (m, d)."""
    return _distances(features, others).min(axis=1).mean()


def effective_classes(classes):
    """Returns exp(entropy) of int (n,) classes: k for k classes that are equally frequent."""
    frequencies = np.unique(classes, return_counts=True)[1] / len(classes)
    return float(np.exp(-(frequencies * np.log(frequencies)).sum()))


def stride_peak(images):
    """Returns the spectral peak at the frequencies of checkerboard patterns of stride 2.

    A transposed convolution whose kernel size is not divisible by its stride overlaps unevenly,
    in a pattern that repeats every 2 pixels, and every 4 if another layer of stride 2 follows
    (Odena et al., "Deconvolution and Checkerboard Artifacts", 2016,
    https://distill.pub/2016/deconv-checkerboard). The power there, along rows and columns, is
    divided by that of the surrounding frequencies: 1 for white noise, less for smooth images.

    Args:
        images: float (n, height, width, channels), of at least 8x8 pixels.

    Returns:
        The larger of the two peaks.
    """
    return max(
        _peak(np.moveaxis(images, axis, -1).reshape(-1, images.shape[axis])) for axis in (1, 2)
    )


def _peak(lines):
    """The higher peak, at periods of 2 and 4 pixels, of the mean power spectrum of (n, size)."""
    size = lines.shape[1]
    power = (np.abs(np.fft.rfft(lines, axis=1)) ** 2).mean(axis=0) + 1e-12
    half, offset = size // 32, size // 8

    def near(frequency):
        return power[max(1, frequency - half) : frequency + half + 1].mean()

    peaks = [near(size // 2) / near(size // 2 - offset)]
    # Spectra follow power laws, so the geometric mean interpolates between two frequencies.
    around = np.sqrt(near(size // 4 - offset) * near(size // 4 + offset))
    peaks.append(near(size // 4) / around)
    return float(max(peaks))


def _distances(features, others):
    features, others = np.asarray(features, np.float64), np.asarray(others, np.float64)
    squares = (features**2).sum(1)[:, None] + (others**2).sum(1) - 2 * features @ others.T
    return np.sqrt(np.maximum(squares, 0.0))


class SampleMeasures:
    """Measures batches of samples against real images, which are measured with the first batch.

    Args:
        extractor: a feature extractor, see `gan_tf.features`.
        pixels: stored samples (n, *shape): real ones, at least 2, of which some
            hundreds are used, the same each time.
        count: how many samples a batch has.
        labels: int (n,), the classes of the real images; None without classes.
        sample_labels: int (count,), the classes that the samples were generated for; None
            if unconditional.
        modality: the name of the samples' modality.
    """

    def __init__(self, extractor, pixels, count, labels=None, sample_labels=None, modality="image"):
        self._of_reals = extractor, pixels, count, labels, modality
        self._sample_labels = sample_labels

    @functools.cached_property
    def _reals(self):
        return _Reals(*self._of_reals)

    def __call__(self, images):
        """Returns {name: float}.

        All values are ratios to those of reals, except those of `TokenMeasures`, for sequences,
        `SoundMeasures` and `VideoMeasures`.

        diversity: mean distance between two samples; 0: all are the same.
        distance: mean distance from a sample to the nearest real; 1: as far as other reals.
        checkerboard: `stride_peak`, the reals' being at least 1; for images of at least 8
            pixels.
        class_diversity: `effective_classes`, if the features classify, or the reals have
            classes; a sample's class is then that of the nearest class mean.
        within_class_diversity: mean distance between two samples generated for the same class;
            the mean over the classes, if there are any.

        Args:
            images: stored samples (n, *shape).
        """
        reals = self._reals
        features, classes = reals.extract(images)
        found = {
            "diversity": spread(features) / reals.spread,
            "distance": nearest(features, reals.reference) / reals.nearest,
        }
        if reals.peak:
            found["checkerboard"] = stride_peak(np.asarray(images, np.float32)) / reals.peak
        if reals.classes:
            found["class_diversity"] = effective_classes(classes) / reals.classes
        if self._sample_labels is not None and reals.spreads:
            spreads = _by_class(spread, features, self._sample_labels[: len(features)], least=2)
            ratios = [
                value / max(reals.spreads[label], _EPSILON)
                for label, value in spreads.items()
                if label in reals.spreads
            ]
            if ratios:
                found["within_class_diversity"] = np.mean(ratios)
        for measure in reals.others:
            found |= measure(images)
        return {name: float(value) for name, value in found.items()}


class _Reals:
    """What is measured of real images; arguments as for `SampleMeasures`."""

    _REFERENCE = 512

    def __init__(self, extractor, pixels, count, labels, modality):
        self._extractor = extractor
        order = np.random.default_rng(0).permutation(len(pixels))
        count = max(2, min(count, len(pixels) // 2))
        others = pixels[np.sort(order[:count])]
        rest = order[count : count + self._REFERENCE]
        rest = np.sort(rest if len(rest) else order)
        self.reference, _ = extractor(pixels[rest])
        self._centers = self.spreads = None
        if labels is not None:
            self._centers = _by_class(lambda each: each.mean(0), self.reference, labels[rest])
            self.spreads = _by_class(spread, self.reference, labels[rest], least=2)
        features, classes = self.extract(others)
        # Data that repeat themselves have distances of 0.
        self.spread = max(spread(features), _EPSILON)
        self.nearest = max(nearest(features, self.reference), _EPSILON)
        self.classes = classes is not None and effective_classes(classes)
        self.peak = (
            max(1.0, stride_peak(np.asarray(others, np.float32)))
            if modality in Checkerboard.modalities and _striped(pixels)
            else None
        )
        self.others = [each(pixels) for each in _OF_KINDS if modality in each.modalities]

    def extract(self, images):
        """The features of images, and int classes (n,), or None if they cannot be classified."""
        features, probabilities = self._extractor(images)
        if probabilities is not None:
            return features, probabilities.argmax(axis=1)
        if not self._centers or len(self._centers) < 2:
            return features, None
        distances = _distances(features, np.stack(list(self._centers.values())))
        return features, distances.argmin(axis=1)


def _by_class(function, features, labels, least=1):
    """Returns {label: function(its rows)} of the labels that have `least` rows."""
    labels = np.asarray(labels)
    rows = {label: features[labels == label] for label in np.unique(labels)}
    return {label: function(each) for label, each in rows.items() if len(each) >= least}


def _striped(pixels):
    return min(pixels.shape[1:3]) >= 8
