"""A folder of the user's own sound: classes, and what is left out."""

import os

import numpy as np
import pytest

from gan_tf.data import pipeline
from gan_tf.data.audio_folder import AudioFolder
from tests.data.test_audio_file import TONE, wav


def folder(path, **files):
    for name, content in files.items():
        file = path / name.replace("__", "/")
        file = file.with_name(f"{file.name}.wav")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return path


def test_sub_folders_are_classes(tmp_path):
    folder(tmp_path, dog__1=wav(TONE), dog__2=wav(-TONE), cat__1=wav(TONE))
    source = AudioFolder(str(tmp_path), length=500, sample_rate=8000)
    [batch] = source.batches()
    assert source.label_names == ("cat", "dog") and batch["label"].tolist() == [0, 1, 1]
    assert (batch["audio"].shape, batch["audio"].dtype) == ((3, 500, 1), np.int16)
    np.testing.assert_array_equal(batch["audio"][1], -batch["audio"][2])
    assert source.traits == {"sample_rate": 8000}


def test_what_cannot_be_used_is_listed_with_the_reason(tmp_path):
    folder(
        tmp_path,
        good=wav(TONE),
        words=b"These are words.",
        nothing=b"",
        hush=wav(np.zeros(900)),
        half=wav(TONE)[:500],
        crowd=wav(np.stack([TONE] * 8, axis=1)),
    )
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "gone.wav").symlink_to("nowhere")
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    with open(tmp_path / "hours.wav", "wb") as file:
        file.truncate(5 * 3600 * 44_100 * 4)  # without blocks on disk
    source = AudioFolder(str(tmp_path), length=700, sample_rate=8000)
    data = pipeline.load(source, cache_dir=tmp_path / "cache")
    assert data.samples.shape == (1, 700, 1)
    reasons = dict(data.skipped)
    assert {name: reason.split(":")[0] for name, reason in reasons.items()} == {
        "words.wav": "not sound, in spite of its name",
        "nothing.wav": "empty",
        "hush.wav": "silent",
        "half.wav": "truncated",
        "crowd.wav": "8 channels",
        "pipe.wav": "not a regular file",
        "gone.wav": "a link to nothing",
        "loop.wav": "a link to nothing",
        "hours.wav": "it is too large",
    }


def test_notes_say_what_is_cut_and_clipped(tmp_path):
    folder(tmp_path, long=wav(np.tile(TONE, 9)), loud=wav(np.clip(9 * TONE, -1, 1)))
    source = AudioFolder(str(tmp_path), length=800, sample_rate=8000)
    [_] = source.batches()
    cut, clipped = source.notes
    assert cut.startswith("1 files are longer than 0.10 s, such as 'long.wav'")
    assert clipped.startswith("1 files are clipped, such as 'loud.wav'")


@pytest.mark.parametrize("changes", [{"length": 900}, {"sample_rate": 4000}])
def test_the_cache_key_depends_on_the_options(tmp_path, changes):
    folder(tmp_path, good=wav(TONE))
    options = {"length": 800, "sample_rate": 8000}
    keys = {AudioFolder(str(tmp_path), **options | each).cache_key for each in ({}, changes)}
    assert len(keys) == 2
