"""Tones: the embedded data set of sound, synthesized notes of known pitch."""

import numpy as np

from gan_tf.data.source import Source
from gan_tf.errors import UserError
from gan_tf.modalities.audio import LARGEST
from gan_tf.registry import DATASETS

# The pentatonic scale: two semitones or more apart, so that a random pitch is seldom near one of them.
NOTES = {
    "C4": 60,
    "D4": 62,
    "E4": 64,
    "G4": 67,
    "A4": 69,
    "C5": 72,
    "D5": 74,
    "E5": 76,
    "G5": 79,
    "A5": 81,
}  # numbers of MIDI
TIMBRES = {  # amplitudes of the first harmonics
    "flute": (1.0, 0.15, 0.08, 0.02),
    "clarinet": (1.0, 0.03, 0.6, 0.03, 0.35, 0.02, 0.2),
    "violin": (1.0, 0.6, 0.45, 0.35, 0.25, 0.2, 0.15, 0.1),
    "guitar": (0.8, 1.0, 0.5, 0.3, 0.1, 0.05),
}
_PLUCKED = {"guitar"}  # others are held
_LOUDEST = 0.9  # of full scale
_BATCH = 500
_LOWEST_RATE = 4000  # Hz: the highest note has at least two harmonics


@DATASETS.register("tones")
class Tones(Source):
    """Tones: 4,000 synthesized notes of half a second; nothing to download.

    A note is a sum of harmonics of one of ten pitches, from C4 to A5 in the pentatonic scale, which
    are the classes; its timbre is one of four; a held one rises, lasts and falls, a plucked one decays.
    Loudness, times and phase vary.

    Args:
        length: samples per note, default 4096.
        sample_rate: in Hz, default 8000, at least 4000.

    Raises:
        UserError: for a lower sample rate.
    """

    modality = "audio"
    pairing = "single"
    checked_early = True
    name = "tones"
    default_length = 4096
    num_examples = 4000
    label_names = tuple(NOTES)
    knows = ("pitches",)
    terms = "free of terms: synthesized by gan_tf"

    def __init__(self, length: int = 4096, sample_rate: int = 8000):
        if sample_rate < _LOWEST_RATE:
            raise UserError(
                f"--sample_rate={sample_rate} is too low for the notes of tones: give {_LOWEST_RATE} or "
                "more."
            )
        self.sample_shape = (length, 1)
        self.traits = {"sample_rate": sample_rate}

    @property
    def cache_key(self):
        return f"tones-1-{self.sample_shape[0]}-{self.traits['sample_rate']}"

    @property
    def pitches(self):
        """The frequency of each class in Hz, (classes,)."""
        return frequencies(np.array(list(NOTES.values())))

    def batches(self):
        yield from self._draw(self.num_examples, seed=0)

    def held_out(self):
        yield from self._draw(1000, seed=1)

    def _draw(self, count, seed):
        random = np.random.default_rng(seed)
        for start in range(0, count, _BATCH):
            labels = random.integers(0, len(NOTES), min(_BATCH, count - start))
            pitches = self.pitches[labels]
            made = notes(pitches, self.sample_shape[0], self.traits["sample_rate"], random)
            yield {"audio": made, "label": labels}


def frequencies(notes):
    """Returns the frequencies in Hz of MIDI note numbers, an array; 69 is A4, 440 Hz."""
    return 440.0 * 2 ** ((np.asarray(notes) - 69) / 12)


def notes(pitches, length, sample_rate, random):
    """Synthesizes notes of random timbre, envelope, loudness and phase.

    Args:
        pitches: Hz (n,).
        length: in samples.
        sample_rate: in Hz.
        random: a `numpy.random.Generator`.

    Returns:
        int16 (n, length, 1).
    """
    count, names = len(pitches), list(TIMBRES)
    timbres = random.integers(0, len(names), count)
    loudness = random.uniform(0.5, 1.0, (count, 1))
    phases = random.uniform(0, 2 * np.pi, (count, 1))
    table = np.zeros((len(names), max(map(len, TIMBRES.values()))))
    for row, name in zip(table, names):
        row[: len(TIMBRES[name])] = TIMBRES[name]
    angles = phases + 2 * np.pi * pitches[:, None] / sample_rate * np.arange(length)
    waves = np.zeros((count, length))
    for order in range(1, table.shape[1] + 1):
        audible = table[timbres, order - 1] * (order * pitches < sample_rate / 2)
        waves += audible[:, None] * np.sin(order * angles)
    waves /= np.abs(waves).max(axis=1, keepdims=True)
    plucked = np.isin(timbres, [names.index(each) for each in _PLUCKED])
    waves *= _envelopes(plucked, length / sample_rate, length, random) * loudness * _LOUDEST
    return np.rint(waves * LARGEST).astype(np.int16)[..., None]


def _envelopes(plucked, seconds, length, random):
    """How loud notes are over time, from 0 to 1: (n, length)."""
    count = len(plucked)
    attack, release = (random.uniform(*each, (count, 1)) for each in ((0.01, 0.08), (0.05, 0.15)))
    decay = random.uniform(0.15, 0.5, (count, 1))  # of the whole, until 1 / e
    time = np.linspace(0, 1, length, endpoint=False)
    attack = np.where(plucked[:, None], 0.005 / seconds, attack)
    rise = np.minimum(1, time / attack)
    fall = np.minimum(1, (1 - time) / release)
    return rise * fall * np.where(plucked[:, None], np.exp(-time / decay), 1)
