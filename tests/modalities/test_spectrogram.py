"""Spectrograms of sound as images, normalized by frequency."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.modalities.audio import Audio
from gan_tf.modalities.spectrogram import Spectrogram
from tests.modalities.test_audio import sine


def test_frames_and_frequencies():
    assert Spectrogram().shape((16_384, 1)) == (128, 128, 1)  # as published
    assert Spectrogram(128, 64).shape((4096, 1)) == (64, 64, 1)
    with pytest.raises(ValueError, match="not whole frames of 128: give --length=512"):
        Spectrogram().shape((500, 1))


@pytest.mark.parametrize("arguments", [(255,), (4,), (256, 100), (256, 256), (256, 0)])
def test_impossible_windows(arguments):
    with pytest.raises(ValueError, match=r"window|hop"):
        Spectrogram(*arguments)


def test_log_magnitudes_have_mean_zero_and_three_deviations_are_one():
    sound = np.float32(np.random.default_rng(0).normal(0, 0.1, (20, 4096, 1)))
    kind = Spectrogram()
    moments = kind.measure([sound[:7], sound[7:]])
    assert len(moments) == 256 and all(type(each) is float for each in moments)
    seen = kind.forward(tf.constant(sound), moments).numpy()
    assert seen.shape == (20, 32, 128, 1) and np.abs(seen).max() <= 1
    np.testing.assert_allclose(seen.mean((0, 1))[1:, 0], 0, atol=0.05)
    np.testing.assert_allclose(seen.std((0, 1))[1:, 0], 1 / 3, atol=0.05)
    # By the definition, of one frame.
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(256) / 256)
    logs = np.log(np.abs(np.fft.rfft(sound[3, 1280:1536, 0] * window))[:128] + 1e-6)
    mean, deviation = np.reshape(moments, (2, 128))
    expected = np.clip((logs - mean) / (3 * deviation), -1, 1)
    np.testing.assert_allclose(seen[3, 10, :, 0], expected, atol=1e-4)


def test_there_and_back_keeps_the_spectrum():
    clips = np.stack([sine(f, 4096) for f in (300, 440, 1000, 2500)])
    kind = Spectrogram(256, 64)
    modality = kind.of(Audio(8000), kind.of(Audio(8000)).measure(clips)["moments"])
    seen = modality.to_network(clips)
    back = modality.to_stored(seen)
    assert (back.shape, back.dtype) == (clips.shape, np.int16)
    inside = slice(256, -256)
    for clip, other in zip(clips[:, inside, 0], back[:, inside, 0]):
        spectra = [np.abs(np.fft.rfft(each.astype(float))) for each in (clip, other)]
        assert abs(spectra[0].argmax() - spectra[1].argmax()) <= 2  # of 2.2 Hz each
    np.testing.assert_array_equal(modality.to_stored(seen[2:3]), back[2:3])  # whatever else is made
