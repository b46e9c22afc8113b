"""What can be measured on one small batch of samples: how far it is from looking like the data.

Pure functions of NumPy arrays, in units of the real images' own values, so that 1 is what real
images have. They are cheap and coarse: watchmen, not scores (see `gan_tf.metrics` for those).
"""

import numpy as np

_LEAST = 1e-6


def spread(features):
    """Returns the mean distance between two different rows of float (n, d), n at least 2."""
    return _distances(features, features).sum() / (len(features) * (len(features) - 1))


def nearest(features, others):
    """Returns the mean distance from a row of float (n, d) to the nearest row of (m, d)."""
    return _distances(features, others).min(axis=1).mean()


def effective_classes(classes, count):
    """Returns exp(entropy) of a histogram of classes: k for k classes that are equally frequent.

    Args:
        classes: int (n,).
        count: how many classes there are.
    """
    shares = np.bincount(classes, minlength=count) / len(classes)
    shares = shares[shares > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def stride_peak(images):
    """Returns how far the spectrum stands out at the frequencies that strides of 2 leave.

    A transposed convolution whose kernel its stride does not divide overlaps unevenly, in a
    pattern that repeats every 2 pixels, and every 4 where another layer of stride 2 follows
    (Odena et al., "Deconvolution and Checkerboard Artifacts", 2016,
    https://distill.pub/2016/deconv-checkerboard). The power there, along rows and columns, is
    divided by that of the frequencies around; white noise has 1, and smooth images less.

    Args:
        images: float (n, height, width, channels), of at least 8 pixels each way.

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
    half, beside = size // 32, size // 8

    def near(frequency):
        return power[max(1, frequency - half) : frequency + half + 1].mean()

    peaks = [near(size // 2) / near(size // 2 - beside)]
    # Spectra fall by powers, so that between two frequencies their geometric mean is expected.
    around = np.sqrt(near(size // 4 - beside) * near(size // 4 + beside))
    peaks.append(near(size // 4) / around)
    return float(max(peaks))


def _distances(features, others):
    features, others = np.asarray(features, np.float64), np.asarray(others, np.float64)
    squares = (features**2).sum(1)[:, None] + (others**2).sum(1) - 2 * features @ others.T
    return np.sqrt(np.maximum(squares, 0.0))


class SampleMeasures:
    """Measures batches of samples against real images.

    Args:
        extractor: a feature extractor, see `gan_tf.features`.
        pixels: uint8 (n, height, width, channels): real images, at least 2, of which some
            hundreds are used, the same each time.
        count: how many samples there will be.
    """

    _REFERENCE = 512

    def __init__(self, extractor, pixels, count):
        self.extractor = extractor
        order = np.random.default_rng(0).permutation(len(pixels))
        count = max(2, min(count, len(pixels) // 2))
        others = pixels[np.sort(order[:count])]
        rest = order[count : count + self._REFERENCE]
        reference = pixels[np.sort(rest if len(rest) else order)]
        self._reference, _ = extractor(reference)
        features, classes = extractor(others)
        # Data that repeat themselves have distances of 0.
        self._spread = max(spread(features), _LEAST)
        self._nearest = max(nearest(features, self._reference), _LEAST)
        self._classes = classes is not None and _effective(classes)
        self._peak = (
            max(1.0, stride_peak(np.asarray(others, np.float32))) if _striped(pixels) else None
        )

    def __call__(self, images):
        """Returns {name: float}.

        diversity: mean distance between two samples, by that of reals; 0: all are the same.
        distance: mean distance from a sample to the nearest real, by that of other reals;
            1: among the reals.
        checkerboard: `stride_peak`, by that of reals, where that is above 1; for images of
            at least 8 pixels.
        class_diversity: `effective_classes`, by that of reals, where the features classify.

        Args:
            images: uint8 (n, height, width, channels).
        """
        features, classes = self.extractor(images)
        found = {
            "diversity": spread(features) / self._spread,
            "distance": nearest(features, self._reference) / self._nearest,
        }
        if self._peak:
            found["checkerboard"] = stride_peak(np.asarray(images, np.float32)) / self._peak
        if self._classes:
            found["class_diversity"] = _effective(classes) / self._classes
        return {name: float(value) for name, value in found.items()}


def _effective(probabilities):
    return effective_classes(probabilities.argmax(axis=1), probabilities.shape[1])


def _striped(pixels):
    return min(pixels.shape[1:3]) >= 8
