"""Measures of a batch of clips: silence, clipping, DC offset, and whether all are one tone."""

import numpy as np

from gan_tf.modalities.audio import LARGEST

_MOST = 2_000  # real clips that are measured
_MOST_VALUES = 1 << 23  # of these
_SILENCE = 1e-3  # of full scale, -60 dB
_FULL = 0.999  # of full scale


class SoundMeasures:
    """Measures batches of clips against real ones.

    Args:
        reals: stored clips, int16 (n, length, 1), n at least 1.
    """

    modalities = ("audio",)

    def __init__(self, reals):
        most = max(1, min(_MOST, _MOST_VALUES // reals.shape[1]))
        self._usual = _measures(np.asarray(reals[:most]))

    def __call__(self, samples):
        """Returns {name: float}, from 0 to 1, above those of real clips.

        silent: the share of clips whose peak is below -60 dB.
        clipped: the share of samples at full scale.
        offset: the mean distance of a clip's mean from zero, relative to full scale.
        one_tone: how much of the energy of all clips is at one frequency.

        Args:
            samples: stored clips, int16 (n, length, 1).
        """
        found = _measures(np.asarray(samples))
        return {name: max(0.0, value - self._usual[name]) for name, value in found.items()}


def _measures(clips):
    sound = clips[..., 0].astype(np.float32) / LARGEST
    peaks = np.abs(sound).max(axis=1)
    means = sound.mean(axis=1)
    energies = (np.abs(np.fft.rfft(sound - means[:, None])) ** 2).mean(axis=0)
    # A tone between two frequencies of the transform, or one with a window, is at some of them.
    near = np.convolve(energies, np.ones(min(5, len(energies))), "same")
    return {
        "silent": float((peaks < _SILENCE).mean()),
        "clipped": float((np.abs(sound) >= _FULL).mean()),
        "offset": float(np.abs(means).mean()),
        "one_tone": float(near.max() / max(energies.sum(), 1e-12)),
    }
