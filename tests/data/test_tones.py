"""Tones: each note has the pitch of its class."""

import numpy as np
import pytest

from gan_tf.data.tones import NOTES, Tones, frequencies, notes
from gan_tf.errors import UserError


@pytest.fixture(scope="module")
def batch():
    return next(Tones().batches())


def spectra(clips):
    return np.abs(np.fft.rfft(clips[..., 0] * np.hanning(clips.shape[1]), 8 * clips.shape[1]))


def test_notes_of_midi():
    np.testing.assert_allclose(frequencies([69, 60, 81]), [440, 261.6256, 880], rtol=1e-6)


def test_each_note_has_the_harmonics_of_its_class(batch):
    clips, labels = batch["audio"], batch["label"]
    assert (clips.shape, clips.dtype) == ((500, 4096, 1), np.int16)
    pitches = Tones().pitches[labels]
    found = spectra(clips)
    at = np.arange(found.shape[1]) * 8000 / (8 * 4096)
    orders = at / pitches[:, None]
    near = (np.abs(orders - np.rint(orders)) < 0.1) & (orders > 0.5)
    energy = (found**2 * near).sum(axis=1) / (found**2).sum(axis=1)
    assert energy.min() > 0.98
    strongest = at[found.argmax(axis=1)] / pitches  # the fundamental, or the second harmonic
    np.testing.assert_allclose(strongest, np.rint(strongest), atol=0.01)
    assert set(np.rint(strongest)) == {1, 2}


def test_every_class_is_there_and_nothing_is_clipped(batch):
    assert np.unique(batch["label"]).tolist() == list(range(len(NOTES)))
    peaks = np.abs(batch["audio"].astype(int)).max(axis=(1, 2))
    assert peaks.min() > 9000 and peaks.max() <= 29_491  # 0.9 of full scale
    assert np.abs(batch["audio"][:, [0, -1]]).max() < 2500  # notes begin and end softly


def test_it_is_reproducible_and_held_out_notes_are_others(batch):
    np.testing.assert_array_equal(next(Tones().batches())["audio"], batch["audio"])
    other = next(Tones().held_out())["audio"]
    assert (other[:100] != batch["audio"][:100]).any(axis=(1, 2)).all()


def test_length_and_rate_are_options():
    source = Tones(length=100, sample_rate=16_000)
    assert next(source.batches())["audio"].shape[1:] == source.sample_shape == (100, 1)
    assert source.traits == {"sample_rate": 16_000} and source.cache_key != Tones().cache_key
    with pytest.raises(UserError, match="--sample_rate=2000 is too low"):
        Tones(sample_rate=2000)


def test_harmonics_beyond_half_the_rate_are_left_out():
    made = notes(np.full(20, 1900.0), 4000, 8000, np.random.default_rng(0))
    found = spectra(made)
    at = np.arange(found.shape[1]) * 8000 / (8 * 4000)
    outside = (np.abs(at - 1900) > 60) & (np.abs(at - 3800) > 60)
    assert (found[:, outside].max(axis=1) / found.max(axis=1)).max() < 0.02
