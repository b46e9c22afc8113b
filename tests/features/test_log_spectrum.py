"""Energies of sound by band and time."""

import numpy as np
import pytest

from gan_tf.features.log_spectrum import LogSpectrum
from tests.modalities.test_audio import sine


def test_a_band_and_a_time_are_loud_where_a_tone_is():
    clip = np.concatenate([sine(1000, 2048), np.zeros((2048, 1), np.int16)])
    features, probabilities = LogSpectrum()(clip[None])
    assert features.shape == (1, 192) and probabilities is None
    parts = features.reshape(8, 24)
    assert (parts[:3].argmax(axis=1) == parts[0].argmax()).all()
    np.testing.assert_allclose(parts[5:], np.log(1e-4), atol=1e-3)  # silence
    low, high = (LogSpectrum()(sine(f)[None])[0].reshape(8, 24) for f in (200, 3000))
    assert low[3].argmax() < parts[0].argmax() < high[3].argmax()


def test_phase_does_not_count_and_loudness_does():
    extract = LogSpectrum()
    clips = np.stack([sine(1000), -sine(1000), sine(1000, amplitude=0.25)])
    one, other, soft = extract(clips)[0].reshape(3, 8, 24)
    np.testing.assert_allclose(one, other, atol=1e-5)
    loudest = one[4].argmax()
    assert one[4, loudest] - soft[4, loudest] == pytest.approx(np.log(4), abs=0.01)


@pytest.mark.parametrize("length", [1, 300, 1153])
def test_any_length(length):
    features, _ = LogSpectrum()(sine(1000, length)[None])
    assert features.shape == (1, 192) and np.isfinite(features).all()
