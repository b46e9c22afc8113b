"""What is measured of sound itself: pitch, harmonicity, long-term spectrum."""

import numpy as np

from gan_tf.metrics.metric import Metric, Score
from gan_tf.modalities.audio import LARGEST
from gan_tf.registry import METRICS

_RANGE = (100.0, 1200.0)  # Hz
_WINDOW = 0.1  # seconds that are compared with as many, one period later
_OCTAVE = 0.85  # of the best correlation, from which on a shorter period counts
_SILENCE = 1e-3  # of full scale
_QUARTER_TONE = 50.0  # cents
_FRAME, _HOP = 256, 128
_LEAST = 1e-4  # energy that counts as silence


class SoundMetric(Metric):
    """The base class of the metrics of sound.

    Args:
        num_images: clips of each kind.
        modality: `gan_tf.modalities.audio.Audio`.
        source: the data set, for metrics that need what it knows.
    """

    modalities = ("audio",)
    needs = ("samples",)

    def __init__(self, num_images: int = 10_000, modality=None, source=None):
        super().__init__(num_images)
        self._modality = modality
        self._source = source

    def _pitches(self, sample):
        return pitches(np.asarray(sample.samples), self._modality.sample_rate)


@METRICS.register("pitch_accuracy")
class PitchAccuracy(SoundMetric):
    """The share of clips whose pitch is within a quarter tone of their note; without labels, of any."""

    knows = ("pitches",)
    higher_is_better = True

    def score(self, real, fake):
        del real
        found, _ = self._pitches(fake)
        notes = np.asarray(self._source.pitches)
        notes = np.broadcast_to(notes, (len(found), len(notes)))
        if fake.labels is not None:
            notes = np.take_along_axis(notes, fake.labels[:, None], axis=1)
        with np.errstate(divide="ignore"):
            cents = 1200 * np.abs(np.log2(found[:, None] / notes))
        right = cents.min(axis=1) <= _QUARTER_TONE
        return Score(float(right.mean()), float(right.std() / len(right) ** 0.5))


@METRICS.register("harmonicity")
class Harmonicity(SoundMetric):
    """How much clips repeat after a period: the correlation there, 1 for a steady note, 0 for silence."""

    higher_is_better = True
    best_is_data = True

    def score(self, real, fake):
        del real
        _, found = self._pitches(fake)
        return Score(float(found.mean()), float(found.std() / len(found) ** 0.5))


@METRICS.register("log_spectral_distance")
class LogSpectralDistance(SoundMetric):
    """The distance of mean log spectra, in dB: the root mean square over time and frequency.

    Spectra are averaged over clips, not over time, so that it also tells when sound begins and ends.
    It says nothing of variety.
    """

    higher_is_better = False

    def score(self, real, fake):
        means = (_mean_spectrum(np.asarray(each.samples)) for each in (real, fake))
        difference = np.subtract(*means)
        return Score(float(np.sqrt(np.mean(difference**2))))


def pitches(clips, sample_rate):
    """Finds the pitch of clips around their loudest moment, by normalized cross-correlation.

    Of a tenth of a second and as much a lag later, the correlation is largest where the lag is the
    period; of almost equal ones, the shortest counts, since multiples of the period are periods, too.

    Source: Talkin, "A robust algorithm for pitch tracking (RAPT)", 1995, the function that it maximizes.

    Args:
        clips: int16 (n, length, 1).
        sample_rate: in Hz.

    Returns:
        Hz (n,), from 100 to 1200, 0 for silence; and the correlation (n,), from 0 to 1.
    """
    clips = np.asarray(clips)[..., 0]
    low, high = (round(sample_rate / each) for each in _RANGE[::-1])
    window = min(round(_WINDOW * sample_rate), max(1, clips.shape[1] - high - 2))
    missing = max(0, window + high + 2 - clips.shape[1])
    sounds = (np.pad(each.astype(np.float64) / LARGEST, (0, missing)) for each in clips)
    made = [_pitch(each, low, high, window) for each in sounds]
    lags, found = np.array(made, np.float64).reshape(-1, 2).T
    heard = lags > 0
    return np.where(heard, sample_rate / np.where(heard, lags, 1), 0.0), np.clip(found, 0, 1)


def _pitch(sound, low, high, window):
    """The period in samples, 0 in silence, and the correlation there, of one clip."""
    energies = np.concatenate([[0], np.cumsum(sound**2)])
    most = len(sound) - window - high - 1
    start = int(
        np.argmax(energies[window + high : window + high + most + 1] - energies[: most + 1])
    )
    first = sound[start : start + window]
    later = sound[start : start + window + high + 1]
    if np.abs(later).max() < _SILENCE:
        return 0, 0
    lags = np.arange(low - 1, high + 2)
    products = np.correlate(later, first, "valid")[lags]
    own = energies[start + window] - energies[start]
    others = energies[start + lags + window] - energies[start + lags]
    found = products / np.sqrt(np.maximum(own * others, 1e-12))
    inside = found[1:-1]
    peaks = (inside >= found[:-2]) & (inside >= found[2:])
    good = np.flatnonzero(peaks & (inside >= _OCTAVE * inside.max()))
    at = 1 + int(good[0] if len(good) else inside.argmax())
    before, here, after = found[at - 1 : at + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return lags[at] + np.clip(shift, -0.5, 0.5), here


def _mean_spectrum(clips):
    """The mean over clips of their log spectra in dB: (frames, frequencies)."""
    sound = np.pad(clips[..., 0], ((0, 0), (0, max(0, _FRAME - clips.shape[1]))))
    starts = np.arange(0, sound.shape[1] - _FRAME + 1, _HOP)
    window, total = np.hanning(_FRAME), 0.0
    for each in sound:
        frames = each[starts[:, None] + np.arange(_FRAME)] / LARGEST * window
        total = total + 10 * np.log10(np.abs(np.fft.rfft(frames)) ** 2 + _LEAST)
    return total / len(sound)
