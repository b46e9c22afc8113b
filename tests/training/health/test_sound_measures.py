"""Silence, clipping, offset and one tone, compared with real clips."""

import numpy as np
import pytest

from gan_tf.data.tones import Tones
from gan_tf.modalities.audio import LARGEST, Audio
from gan_tf.training.health.sound_measures import SoundMeasures
from gan_tf.training.health.symptoms import symptoms_of
from tests.modalities.test_audio import sine


@pytest.fixture(scope="module")
def clips():
    return next(Tones().batches())["audio"]


@pytest.fixture(scope="module")
def measure(clips):
    return SoundMeasures(clips[:250])


def test_real_clips_have_none(clips, measure):
    assert max(measure(clips[250:]).values()) < 0.05


def test_each_failure_has_its_measure(clips, measure):
    silent = clips[250:300].copy()
    silent[:30] = 0
    found = measure(silent)
    assert found.pop("silent") == 0.6 and max(found.values()) < 0.15
    loud = np.int16(np.clip(clips[250:300].astype(int) * 20, -32767, 32767))
    assert measure(loud)["clipped"] > 0.6
    moved = np.int16(clips[250:300] // 2 + 10_000)
    found = measure(moved)
    assert found["offset"] == pytest.approx(10_000 / 32767, abs=0.01) and found["one_tone"] < 0.2
    whine = np.stack([sine(500, 4096)] * 20)
    assert measure(whine)["one_tone"] > 0.6


@pytest.mark.parametrize(
    "value, spoil",
    [
        ("silent", lambda sound: sound * (np.arange(len(sound)) % 2)[:, None, None]),
        ("clipped", lambda sound: 1.5 * sound),
        ("offset", lambda sound: sound / 2 + 0.2),
        ("one_tone", lambda sound: sound / 2 + whine(sound / 2)),
    ],
)
def test_limits_lie_between_real_and_spoiled_sound(clips, measure, value, spoil):
    (symptom,) = (each for each in symptoms_of("audio") if each.value == value)
    others = clips[250:378]
    spoiled = Audio().to_stored(spoil(others / LARGEST))
    assert 2 * measure(others)[value] < symptom.limit < 0.75 * measure(spoiled)[value]


def whine(sound):
    """A tone of 2 kHz as strong as the sound."""
    loudness = np.sqrt(2 * np.mean(sound**2))
    return loudness * np.sin(np.pi / 2 * np.arange(sound.shape[1]) + 0.3)[:, None]


def test_measures_are_relative_to_the_data():
    whine = np.stack([sine(500, 4096)] * 20)
    assert SoundMeasures(whine)(whine) == {
        "silent": 0,
        "clipped": 0,
        "offset": 0,
        "one_tone": 0,
    }


def test_of_large_clips_few_are_read():
    class Many:
        """A million clips."""

        shape = (1_000_000, *(262_144, 1))

        def __getitem__(self, rows):
            self.read = rows.stop
            return np.ones((2, *self.shape[1:]), np.int16)

    many = Many()
    SoundMeasures(many)
    assert 2 <= many.read <= (1 << 23) / np.prod(many.shape[1:])
