"""Sound: samples of 16 bit, spectrograms, and what WAV and FLAC files hold."""

import io
import json
import wave

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.modalities import audio
from gan_tf.modalities.audio import Audio
from gan_tf.registry import MODALITIES

SOUND = Audio(8000)
NOTE = {"Software": "gan_tf 1", "Description": "Generated, größer", "seed": 3}


def sine(frequency, length=4000, amplitude=0.5):
    wave = amplitude * np.sin(2 * np.pi * frequency / 8000 * np.arange(length))
    return np.int16(np.rint(32767 * wave))[:, None]


def read(content):
    """The rate and the samples of a WAV file."""
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_networks_see_minus_one_to_one():
    stored = np.int16([[[-32767], [0], [16384], [32767]]])
    seen = SOUND.to_network(stored)
    assert seen.dtype == np.float32
    np.testing.assert_allclose(seen.ravel(), [-1, 0, 0.500015, 1], atol=1e-6)
    np.testing.assert_array_equal(SOUND.to_network(tf.constant(stored)), seen)
    np.testing.assert_array_equal(SOUND.to_stored(seen), stored)


def test_what_is_too_loud_is_clipped_alike_in_a_graph():
    made = np.float32([[[-2], [-1], [0.4999], [1.001]]])
    inputs = keras.Input((4, 1))
    graph = keras.Model(inputs, SOUND.to_stored_tensor(inputs)).predict(made, verbose=0)
    assert graph.dtype == np.int16 and graph.ravel().tolist() == [-32767, -32767, 16380, 32767]
    np.testing.assert_array_equal(SOUND.to_stored(made), graph)


@pytest.mark.parametrize("rate", [999, 192_001])
def test_impossible_rates(rate):
    with pytest.raises(ValueError, match="out of range"):
        MODALITIES.build("audio", {"sample_rate": rate})


@pytest.mark.parametrize("shape", [(4,), (4, 2), (0, 1), (262_145, 1)])
def test_impossible_shapes(shape):
    with pytest.raises(ValueError, match="from 1 to 262,144 samples"):
        SOUND.check_shape(shape)


def test_lengths_are_given_in_seconds():
    assert SOUND.describe((4096, 1)) == "4,096 samples at 8,000 Hz (0.51 s)"
    assert SOUND.specify((400, 1), "int16").endswith("int16 from -32767 to 32767")


def test_a_spectrogram_is_bright_where_a_tone_is():
    picture = audio.spectrogram(sine(2000)).astype(int).sum(axis=2)
    assert (picture.argmax(axis=0) == 63).all()  # half of the height, which is 4,000 Hz
    low, high = (audio.spectrogram(sine(f)).astype(int).sum(axis=2) for f in (500, 3500))
    assert low.argmax(axis=0).min() > 100 and high.argmax(axis=0).max() < 20
    assert (
        audio.spectrogram(np.zeros((10, 1), np.int16)).max() <= 3
    )  # silence, and shorter than a window


def test_a_waveform_is_as_high_as_it_is_loud():
    heights = [
        (audio.waveform(sine(1000, amplitude=each)) > 100).any(axis=2).sum(axis=0).max()
        for each in (0, 0.5, 1)
    ]
    assert heights[0] == 1 and abs(heights[1] - 24) <= 1 and heights[2] == 48
    assert audio.waveform(sine(440, 5)).shape == (48, 128, 3)  # shorter than it is wide


def test_a_sheet_is_a_grid_of_spectrograms():
    clips = np.stack([sine(500), sine(3000), sine(1000)])
    sheet = SOUND.sheet(clips, columns=2)
    height, width = SOUND.tile((4000, 1))
    assert sheet.shape == (2 * height + 2, 2 * width + 2, 3)
    np.testing.assert_array_equal(sheet[:height, -width:], audio.spectrogram(clips[1]))


def test_a_snapshot_is_sixteen_clips_to_hear_and_all_to_see():
    clips = np.stack([sine(300 + 10 * each, 800) for each in range(20)])
    files = SOUND.snapshot_files(clips)
    assert files.keys() == {".wav", ".png"}
    rate, heard = read(files[".wav"])
    assert (rate, len(heard)) == (8000, 16 * (800 + 1200))  # 0.15 s of silence between them
    np.testing.assert_array_equal(heard[2000:2800], clips[1, :, 0])
    assert not heard[2800:4000].any()
    assert Image.open(io.BytesIO(files[".png"])).size == (5 * 130 - 2, 4 * 130 - 2)


def test_the_history_is_an_animation_of_the_sheets(tmp_path):
    for step, frequency in ((0, 500), (10, 2000)):
        for suffix, content in SOUND.snapshot_files(sine(frequency)[None]).items():
            (tmp_path / f"step-{step:08d}{suffix}").write_bytes(content)
    content = SOUND.history(sorted(tmp_path.glob("*.wav")))
    assert Image.open(io.BytesIO(content)).n_frames == 2


def test_a_wav_file_has_the_samples_and_says_that_they_are_generated():
    for clip in (sine(440, 99), sine(440, 100)):
        content = audio.wav(clip, 8000, NOTE)
        rate, samples = read(content)
        assert rate == 8000 and int.from_bytes(content[4:8], "little") == len(content) - 8
        np.testing.assert_array_equal(samples, clip[:, 0])
        chunks = dict(_info(content))
        assert chunks[b"ISFT"] == b"gan_tf 1" and chunks[b"INAM"].decode() == "Generated, größer"
        assert json.loads(chunks[b"ICMT"]) == NOTE
    assert audio.wav(clip, 8000).endswith(clip.astype("<i2").tobytes())  # without tags


def test_libraries_read_the_tags_of_wav_and_flac_files():
    soundfile = pytest.importorskip("soundfile")
    for encode in (audio.wav, audio.flac):
        with soundfile.SoundFile(io.BytesIO(encode(sine(440), 8000, NOTE))) as file:
            assert file.samplerate == 8000 and json.loads(file.comment) == NOTE
            assert file.title == "Generated, größer" and file.software.startswith("gan_tf 1")
            np.testing.assert_array_equal(file.read(dtype="int16"), sine(440)[:, 0])


def test_a_missing_library_is_a_user_error(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    with pytest.raises(UserError, match=r"--format=flac needs .* pip install soundfile, or choose"):
        audio.flac(sine(440), 8000)


def test_tensorboard_gets_sound_and_spectrograms(tmp_path):
    writer = tf.summary.create_file_writer(str(tmp_path))
    with writer.as_default(step=3):
        SOUND.summarize("samples", sine(440)[None])
    writer.close()
    (path,) = tmp_path.iterdir()
    content = path.read_bytes()
    assert b"audio" in content and b"RIFF" in content and b"samples/spectrograms" in content


def _info(content):
    """(name, text) of the tags in a WAV file, read by the definition of RIFF."""
    at = content.index(b"LIST") + 12
    assert content[at - 4 : at] == b"INFO"
    while at < len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], content[at + 8 : at + 8 + size].rstrip(b"\0")
        at += 8 + size + size % 2
