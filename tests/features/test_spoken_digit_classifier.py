"""The classifier of spoken digits, on recordings that it was not trained on."""

import os
import pathlib

import numpy as np
import pytest

from gan_tf.data import pipeline
from gan_tf.data.spoken_digits import SpokenDigits
from gan_tf.features.spoken_digit_classifier import SpokenDigitClassifier
from tests.modalities.test_audio import sine


def test_what_it_sees():
    seen = SpokenDigitClassifier.picture(np.stack([sine(1000, 3000), 0 * sine(1000, 3000)]))
    tone, silence = seen.numpy()[..., 0]
    assert tone.shape == (48, 48)  # frames, and bands of the mel scale
    assert len(set(tone[2:20].argmax(axis=1))) == 1 and tone[2:20].max(axis=1).min() > 0.7
    np.testing.assert_allclose(tone[25:], silence[25:])  # after the end
    assert np.abs(silence - silence[0, 0]).max() < 1e-6 and silence[0, 0] >= -1


def test_what_comes_after_its_picture_does_not_count():
    extract, clip = SpokenDigitClassifier(), sine(700, 9000)
    np.testing.assert_allclose(extract(clip[None])[0], extract(clip[None, :6272])[0], atol=1e-5)


def test_reads_digits():
    folder = os.environ.get("GAN_TF_TEST_DATA")
    if not folder or not (pathlib.Path(folder) / "spoken_digits").is_dir():
        pytest.skip("GAN_TF_TEST_DATA is not set to a folder with spoken_digits")
    source = SpokenDigits(str(pathlib.Path(folder) / "spoken_digits"))
    held_out = pipeline.load_held_out(source)
    _, probabilities = SpokenDigitClassifier()(held_out.samples)
    assert np.mean(probabilities.argmax(axis=1) == held_out.labels) > 0.96
