"""Pitch, harmonicity and spectra of sound."""

import numpy as np
import pytest

from gan_tf.data.tones import Tones
from gan_tf.metrics.metric import Sample
from gan_tf.metrics.sounds import Harmonicity, LogSpectralDistance, PitchAccuracy, pitches
from gan_tf.modalities.audio import Audio
from tests.modalities.test_audio import sine


def sample(clips, labels=None):
    return Sample(np.asarray(clips), np.zeros((len(clips), 1), np.float32), labels=labels)


def built(cls, **options):
    return cls(modality=Audio(8000), source=Tones(), **options)


@pytest.fixture(scope="module")
def notes():
    batch = next(Tones().batches())
    return sample(batch["audio"][:200], batch["label"][:200])


@pytest.fixture(scope="module")
def noise():
    random = np.random.default_rng(0)
    return sample(np.int16(random.integers(-9000, 9000, (200, 4096, 1))), np.arange(200) % 10)


def test_pitches_of_sines():
    frequencies = np.array([110, 261.63, 440, 777.7, 1100])
    found, correlation = pitches(np.stack([sine(each) for each in frequencies]), 8000)
    cents = 1200 * np.log2(found / frequencies)
    assert np.abs(cents).max() < 5 and correlation.min() > 0.97


def test_silence_and_short_clips_have_none():
    found, correlation = pitches(np.zeros((2, 3000, 1), np.int16), 8000)
    assert found.tolist() == correlation.tolist() == [0, 0]
    assert pitches(sine(440, 5)[None], 8000)[0].shape == (1,)


def test_real_notes_are_right_and_noise_is_not(notes, noise):
    accuracy = built(PitchAccuracy)
    assert accuracy(notes, notes).value == 1
    assert accuracy(notes, noise).value < 0.1
    without = sample(notes.samples), sample(noise.samples)
    assert accuracy(*without[:1], without[0]).value == 1
    assert 0.1 < accuracy(without[0], without[1]).value < 0.45  # near one of ten notes by chance


def test_a_note_of_another_class_is_wrong(notes):
    shifted = sample(notes.samples, (notes.labels + 1) % 10)
    assert built(PitchAccuracy)(notes, shifted).value == 0


def test_a_quarter_tone_is_the_limit():
    labels = np.array([4, 4])  # 440 Hz
    near = np.stack([sine(440 * 2 ** (40 / 1200)), sine(440 * 2 ** (60 / 1200))])
    assert built(PitchAccuracy)(sample(near, labels), sample(near, labels)).value == 0.5


def test_harmonicity(notes, noise):
    harmonicity = built(Harmonicity)
    steady = sample(np.stack([sine(440)] * 3))
    assert harmonicity(notes, steady).value > 0.99
    assert harmonicity(notes, noise).value < 0.2 < 0.9 < harmonicity(notes, notes).value


def test_log_spectral_distance(notes, noise):
    distance = built(LogSpectralDistance)
    assert distance(notes, notes).value == 0
    assert 0 < distance(notes[:100], notes[100:]).value < 10 < distance(notes, noise).value
    # Twice as loud everywhere, where it is far above what counts as silence: 6 dB.
    loud, soft = (sample(np.int16(noise.samples[:20].astype(int) * each)) for each in (3.4, 1.7))
    assert distance(loud, soft).value == pytest.approx(6.02, abs=0.05)
