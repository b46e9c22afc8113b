"""Files of sound: depths, channels, rates, and what is not sound."""

import io
import struct
import sys
import tracemalloc
import wave

import numpy as np
import pytest

from gan_tf.data.audio_file import load_audio

TONE = 0.5 * np.sin(2 * np.pi * 440 / 8000 * np.arange(800))
LOUD = np.rint(TONE / np.abs(TONE).max() * 0.9 * 32767)


def wav(sound, rate=8000, width=2):
    """The bytes of a WAV file of floats (n,) or (n, channels)."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
        file.setsampwidth(width)
        file.setframerate(rate)
        if width == 1:
            content = np.uint8(np.rint(128 + 127 * sound)).tobytes()
        else:
            wide = np.rint(sound * (2 ** (8 * width - 1) - 1)).astype("<i4")
            content = wide.view(np.uint8).reshape(*sound.shape, 4)[..., :width].tobytes()
        file.writeframes(content)
    return buffer.getvalue()


def load(content, length=800, rate=8000):
    return load_audio(io.BytesIO(content), length, rate)


@pytest.mark.parametrize("width, tolerance", [(1, 500), (2, 2), (3, 1), (4, 1)])
def test_every_depth(width, tolerance):
    clip, is_cut, is_clipped = load(wav(TONE, width=width))
    assert (clip.shape, clip.dtype) == ((800, 1), np.int16)
    assert np.abs(clip[:, 0] - LOUD).max() <= tolerance
    assert not is_cut and not is_clipped


def test_two_channels_become_their_mean_and_more_are_refused():
    both = np.stack([TONE, 0.5 * TONE], axis=1)
    assert np.abs(load(wav(both))[0][:, 0] - LOUD).max() <= 2
    with pytest.raises(ValueError, match="silent"):
        load(wav(np.stack([TONE, -TONE], axis=1)))
    with pytest.raises(ValueError, match="8 channels: only mono and stereo are read"):
        load(wav(np.stack([TONE] * 8, axis=1)))


def test_short_sound_is_padded_and_long_sound_cut():
    clip, is_cut, _ = load(wav(TONE), 1000)
    assert np.abs(clip[:800, 0] - LOUD).max() <= 2 and not clip[800:].any() and not is_cut
    clip, is_cut, _ = load(wav(TONE), 300)
    assert is_cut and np.abs(clip[:, 0] - LOUD[:300]).max() <= 2


def test_clipped_sound_is_recognized():
    assert load(wav(np.clip(4 * TONE, -1, 1)))[2]


@pytest.mark.parametrize(
    "content, problem",
    [
        (b"", "empty"),
        (wav(np.zeros(0)), "empty"),
        (wav(np.zeros(500)), "silent"),
        (wav(TONE)[:-100], "truncated"),
        (wav(TONE)[:30], "truncated|damaged"),
        (b"These are words.", "not sound of a kind that is read"),
        (b"RIFF\0\0\0\0WAVEdata" + b"\xff" * 30, "damaged WAV"),
        (wav(TONE, rate=8_000_000), "a sample rate of 8,000,000 Hz"),
        (b"fLaC" + b"\xff" * 99, "damaged, or not sound|needs a library"),
        (b"OggS" + b"\0" * 99, "damaged, or not sound|needs a library"),
    ],
    ids=range(10),
)
def test_what_cannot_be_read(content, problem):
    with pytest.raises(ValueError, match=problem):
        load(content)


def test_a_declared_size_that_lies_takes_no_memory():
    content = bytearray(wav(TONE))
    content[40:44] = struct.pack("<I", 0xFFFFFFF0)  # of the data
    tracemalloc.start()
    with pytest.raises(ValueError, match="truncated"):
        load(bytes(content), 1 << 18)
    assert tracemalloc.get_traced_memory()[1] < 1 << 21
    tracemalloc.stop()


@pytest.mark.parametrize("count, readable", [(900, True), (100_000, False)])
def test_chunks_before_the_sound_are_counted(count, readable):
    content = wav(TONE)
    chunks = b"junk\0\0\0\0" * count
    size = struct.pack("<I", len(content) - 8 + len(chunks))
    content = b"RIFF" + size + b"WAVE" + chunks + content[12:]
    if readable:
        np.testing.assert_array_equal(load(content)[0], load(wav(TONE))[0])
        return
    with pytest.raises(ValueError, match=r"damaged \(more than 1,000 chunks\)"):
        load(content)


@pytest.mark.parametrize(
    "kind, subtype", [("AIFF", "PCM_16"), ("RF64", "PCM_16"), ("WAV", "FLOAT")]
)
@pytest.mark.parametrize("count, readable", [(900, True), (100_000, False)])
def test_so_are_those_behind_it_where_a_library_reads(count, readable, kind, subtype):
    soundfile = pytest.importorskip("soundfile")
    buffer = io.BytesIO()
    soundfile.write(buffer, TONE, 8000, format=kind, subtype=subtype)
    content = bytearray(buffer.getvalue() + b"junk\0\0\0\0" * count)
    if kind != "RF64":  # which has its size elsewhere
        content[4:8] = struct.pack(">I" if kind == "AIFF" else "<I", len(content) - 8)
    if readable:
        assert np.abs(load(bytes(content))[0][:, 0] - LOUD).max() <= 2
        return
    with pytest.raises(ValueError, match=r"damaged \(more than 1,000 chunks\)"):
        load(bytes(content))


@pytest.mark.parametrize("size", [1 << 63, (1 << 63) - 1, (1 << 64) - 1])
def test_sizes_of_64_bits_that_lie_raise_nothing_unseen(size, tmp_path, monkeypatch):
    soundfile = pytest.importorskip("soundfile")
    path = tmp_path / "x.wav"
    soundfile.write(path, TONE, 8000, format="RF64", subtype="PCM_16")
    content = bytearray(path.read_bytes())
    at = content.index(b"ds64") + 16  # the size of the sound
    content[at : at + 8] = struct.pack("<Q", size)
    path.write_bytes(content)
    unseen, found = [], []  # what callbacks of soundfile raise; the sound, or why there is none
    monkeypatch.setattr(sys, "unraisablehook", unseen.append)
    with path.open("rb") as file:
        for each in (file, io.BytesIO(content)):
            try:
                found.append(load_audio(each, 800, 8000)[0].tolist())
            except ValueError as error:
                found.append(str(error))
    assert not unseen
    assert found[0] == found[1]


def test_a_format_chunk_that_is_said_to_end_outside_the_file():
    content = bytearray(wav(TONE))
    content[16:20] = struct.pack("<I", 0xFFFFFF00)
    with pytest.raises(ValueError, match="a damaged WAV"):
        load(bytes(content))


def test_of_a_long_file_only_the_beginning_is_read():
    content = wav(np.tile(TONE, 20_000))  # half an hour, 32 MB
    file = io.BytesIO(content)
    tracemalloc.start()
    clip, is_cut, _ = load_audio(file, 800, 8000)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()
    assert is_cut and np.abs(clip[:, 0] - LOUD).max() <= 2


def test_other_rates_are_resampled():
    pytest.importorskip("soxr")
    fine = 0.5 * np.sin(2 * np.pi * 440 / 48_000 * np.arange(4800))
    clip, is_cut, _ = load(wav(fine, rate=48_000))
    assert not is_cut
    assert np.abs(clip[40:-40, 0] / 29_490 - TONE[40:-40] / 0.5).max() < 0.02


def test_without_the_library_a_rate_is_refused_with_advice(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "soxr", None)
    with pytest.raises(ValueError, match=r"16,000 Hz: pip install soxr.* --sample_rate=16000"):
        load(wav(TONE, rate=16_000))


@pytest.mark.parametrize("kind", ["FLAC", "OGG", "AIFF", "MP3", "WAV"])
def test_other_formats(kind):
    soundfile = pytest.importorskip("soundfile")
    file = io.BytesIO()
    subtype = "FLOAT" if kind == "WAV" else None  # which the standard library does not read
    soundfile.write(file, np.tile(TONE, 4), 8000, format=kind, subtype=subtype)
    clip, _, _ = load(file.getvalue(), 3200)
    spectrum = np.abs(np.fft.rfft(clip[:, 0]))
    assert abs(spectrum.argmax() - 176) <= 1  # 440 Hz


@pytest.mark.parametrize("kind", ["FLAC", "OGG"])
def test_a_part_of_them_is_not_read(kind):
    soundfile = pytest.importorskip("soundfile")
    file = io.BytesIO()
    soundfile.write(file, np.tile(TONE, 4), 8000, format=kind)
    with pytest.raises(ValueError, match=r"truncated|damaged"):
        load(file.getvalue()[:60], 3200)


def test_a_declared_size_beyond_all_files_is_a_sentence_alone(capfd):
    pytest.importorskip("soundfile")
    sizes = struct.pack("<IQQQI", 28, 1 << 60, 1 << 60, 1 << 60, 0)
    form = struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    content = b"RF64" + b"\xff" * 4 + b"WAVEds64" + sizes + b"fmt " + form + b"data" + b"\xff" * 4
    with pytest.raises(ValueError, match=r"damaged|silent|truncated|empty"):
        load(content + bytes(2000))
    assert not capfd.readouterr().err


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [3e38, -3e38, np.inf, np.nan])
def test_numbers_beyond_sound_are_refused(value):
    sound = np.full((500, 2), value, "<f4").tobytes()
    form = struct.pack("<HHIIHH", 3, 2, 8000, 64000, 8, 32)
    chunks = (
        b"fmt "
        + struct.pack("<I", len(form))
        + form
        + b"data"
        + struct.pack("<I", len(sound))
        + sound
    )
    with pytest.raises(ValueError, match="not finite, or far too large"):
        load(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
