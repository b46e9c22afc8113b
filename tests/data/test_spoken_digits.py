"""The Free Spoken Digit Dataset: names say digit, speaker and take."""

import os
import pathlib

import numpy as np
import pytest

from gan_tf.data.spoken_digits import SpokenDigits
from gan_tf.errors import UserError
from gan_tf.options.config import Config
from tests.data.test_audio_file import TONE, wav


@pytest.mark.parametrize("name", ["recordings/{}_{}_{}.wav", "train/{}/{}_{}.wav"])
def test_digits_are_classes_and_the_first_takes_are_held_out(tmp_path, name):
    for digit in (0, 7):
        for take in (0, 4, 5, 12):
            path = tmp_path / name.format(digit, "jackson", take)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wav(TONE))
    (tmp_path / "README.md").write_text("about these digits")
    source = SpokenDigits(str(tmp_path))
    [training], [held_out] = source.batches(), source.held_out()
    assert training["label"].tolist() == held_out["label"].tolist() == [0, 0, 7, 7]
    assert training["audio"].shape == (4, 5120, 1) and source.num_examples == 4
    assert {file.rpartition("_")[2] for file, _ in source.items()} == {"5.wav", "12.wav"}
    assert source.skipped == [("README.md", "not named after a digit, a speaker and a take")]


def test_files_next_to_each_other_have_labels(tmp_path):
    (tmp_path / "7_jackson_32.wav").write_bytes(wav(TONE))
    named = {"audio_dir": str(tmp_path), "conditional": "concat"}
    Config(dataset="spoken_digits", **named).resolve()
    with pytest.raises(UserError, match="--conditional=concat needs labels"):
        Config(dataset="audio_folder", **named).resolve()


def test_they_have_one_sample_rate_that_of_their_classifier(tmp_path):
    assert SpokenDigits.classifier == "spoken_digit_classifier"
    (tmp_path / "7_jackson_32.wav").write_bytes(wav(TONE))
    assert SpokenDigits(str(tmp_path)).traits == {"sample_rate": 8000}
    with pytest.raises(UserError, match=r"--sample_rate has no effect on .*'spoken_digits'"):
        Config(dataset="spoken_digits", audio_dir=str(tmp_path), sample_rate=16_000).resolve()


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "dog.wav").write_bytes(wav(TONE))
    with pytest.raises(UserError, match=r"no file named like 7_jackson_32.wav.*audio_folder"):
        SpokenDigits(str(tmp_path))


def test_the_published_recordings():
    folder = os.environ.get("GAN_TF_TEST_DATA")
    if not folder or not (pathlib.Path(folder) / "spoken_digits").is_dir():
        pytest.skip("GAN_TF_TEST_DATA is not set to a folder with spoken_digits")
    source = SpokenDigits(str(pathlib.Path(folder) / "spoken_digits"))
    labels = np.concatenate([each["label"] for each in source.batches()])
    assert not source.skipped and np.bincount(labels).tolist() == [240] * 10
    held_out = np.concatenate([each["label"] for each in source.held_out()])
    assert np.bincount(held_out).tolist() == [30] * 10
    assert "files are longer than 0.64 s" in source.notes[0]
