"""Decoding of one file of sound: formats, depths, channels, sample rates.

PCM in WAV is read by the standard library; other formats need soundfile, other sample rates soxr,
which are the extra "audio".
"""

import contextlib
import math
import wave

import numpy as np

from gan_tf.modalities.audio import LARGEST

DECODING = 1  # changes when what is read of any file does, so that old caches are not used
NOT_SOUND = "not sound of a kind that is read: convert it to WAV"
EMPTY = "empty"
SILENT = "silent"
TRUNCATED = "truncated: it has less sound than it declares"
_PEAK = 0.9  # of full scale, after normalization
_SILENCE = 1e-3  # of full scale: -60 dB
_FULL = 0.999  # of full scale
_LOUDEST = 1e9  # times full scale
_CLIPPED = 0.001  # of the samples, from which on a file counts as clipped
_RATES = (1000, 192_000)  # Hz
_MOST_FRAMES = 1 << 23  # read of one file
_MOST_CHUNKS = 1000  # of a WAV or AIFF file
_ELSEWHERE = 0xFFFFFFFF  # a size in RF64 that is in its chunk "ds64"
_PIECE = 1 << 16  # frames read at once, so that no more memory is taken than there is sound
_CONTAINERS = {b"RIFF": "little", b"RF64": "little", b"FORM": "big"}  # of chunks; their byte order
_OTHERS = (b"fLaC", b"OggS", b"ID3", b"FORM", b"RF64")
_FRAME = 0xFFE0  # with which the frames of an MP3 begin


def load_audio(file, length, sample_rate):
    """Reads the beginning of a file of sound.

    It becomes mono (the mean of two channels), of that sample rate, cut or padded with silence to
    that length, and as loud as possible: 0.9 of full scale.

    Args:
        file: opened for reading bytes.
        length: in samples.
        sample_rate: in Hz.

    Returns:
        int16 (length, 1); whether the file has more; and whether it is clipped: one sample in a
        thousand is at full scale.

    Raises:
        ValueError: with the reason in plain words, when it cannot be read, is empty, silent, truncated,
            or has more than two channels.
    """
    sound, rate, total = _decoded(file, length, sample_rate)
    if not len(sound):
        raise ValueError(EMPTY)
    peak = np.abs(sound).max()
    if not peak <= _LOUDEST:  # or not a number
        raise ValueError("it has values that are not finite, or far too large")
    clipped = float((np.abs(sound) >= _FULL).mean()) > _CLIPPED
    sound = _resampled(sound.mean(axis=1), rate, sample_rate)[:length]
    loudest = np.abs(sound).max(initial=0)
    if min(peak, loudest) < _SILENCE:
        raise ValueError(SILENT)
    made = np.zeros((length, 1), np.int16)
    made[: len(sound), 0] = np.rint(sound * (_PEAK / loudest * LARGEST))
    return made, total * sample_rate > length * rate, clipped


def _decoded(file, length, sample_rate):
    """Frames from -1 to 1, (n, channels), that are enough for a length; their rate; and their number."""
    start = file.read(12)
    file.seek(0)
    if not start:
        raise ValueError(EMPTY)
    if start[:4] == b"RIFF" and start[8:] == b"WAVE":
        _check_chunks(file, "little", b"data")
        try:
            with wave.open(file) as opened:
                return _read_wav(opened, file, length, sample_rate)
        except wave.Error as error:
            if "unknown format" not in str(error):
                raise ValueError(f"a damaged WAV ({error})") from error
        except RuntimeError as error:  # of a chunk that is said to end outside the file
            raise ValueError("a damaged WAV") from error
        except EOFError as error:
            raise ValueError(TRUNCATED) from error
        file.seek(0)
    elif not start.startswith(_OTHERS) and int.from_bytes(start[:2], "big") & _FRAME != _FRAME:
        raise ValueError(NOT_SOUND)
    if order := _CONTAINERS.get(start[:4]):
        _check_chunks(file, order)
    return _read_other(file, length, sample_rate)


def _check_chunks(file, order, until=None):
    """Refuses a file of millions of chunks, each of which a reader would visit.

    Args:
        file: opened for reading bytes; left at its start.
        order: of the bytes of sizes.
        until: the name of the chunk at which the reader stops; default: it visits all.
    """
    end, at, large = file.seek(0, 2), 12, _ELSEWHERE
    for _ in range(_MOST_CHUNKS + 1):
        file.seek(min(at, end))
        head = file.read(8)
        if len(head) < 8 or head[:4] == until:
            file.seek(0)
            return
        size = int.from_bytes(head[4:], order)
        if head[:4] == b"ds64":
            large = int.from_bytes(file.read(16)[8:], order)
        size = large if size == _ELSEWHERE else size
        at += 8 + size + size % 2
    raise ValueError(f"damaged (more than {_MOST_CHUNKS:,} chunks)")


def _read_wav(opened, file, length, sample_rate):
    channels, width, rate, total = opened.getparams()[:4]
    count = _count(channels, rate, total, length, sample_rate)
    if width > 4:
        raise ValueError(f"a WAV of {8 * width} bits, which is not read")
    parts, left = [], count
    while left > 0 and (part := opened.readframes(min(left, _PIECE))):
        parts.append(part)
        left -= len(part) // (channels * width)
    content = b"".join(parts)
    at = file.tell()
    file.seek(0, 2)
    missing = (total - count) * channels * width > file.tell() - at
    if left > 0 or missing:
        raise ValueError(TRUNCATED if content else EMPTY)
    return _values(content, width).reshape(-1, channels), rate, total


def _values(content, width):
    """Samples of 1 to 4 bytes as float32 from -1 to 1."""
    raw = np.frombuffer(content, np.uint8).reshape(-1, width)
    if width == 1:  # unsigned
        return (raw[:, 0].astype(np.float32) - 128) / 127
    wide = np.zeros((len(raw), 4), np.uint8)
    wide[:, 4 - width :] = raw
    return wide.view("<i4")[:, 0].astype(np.float32) / (2**31 - 2 ** (32 - 8 * width))


def _read_other(file, length, sample_rate):
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise ValueError("a format that needs a library: pip install soundfile") from error
    try:
        with soundfile.SoundFile(_Seekable(file)) as opened:
            rate, total = opened.samplerate, opened.frames
            count = _count(opened.channels, rate, total, length, sample_rate)
            parts, left = [], count
            while left > 0 and len(part := opened.read(min(left, _PIECE), "float32", True)):
                parts.append(part)
                left -= len(part)
    except (soundfile.SoundFileError, RuntimeError, TypeError) as error:
        raise ValueError("damaged, or not sound") from error
    if left > 0:
        raise ValueError(TRUNCATED if parts else EMPTY)
    return np.concatenate(parts or [np.zeros((0, 1))]), rate, total


class _Seekable:
    """A file that stays where it is if told to go where it cannot, as damaged files can tell.

    soundfile would print what is raised, and go on.
    """

    def __init__(self, file):
        self.readinto, self.tell, self._seek = file.readinto, file.tell, file.seek

    def seek(self, offset, whence=0):
        with contextlib.suppress(OSError, OverflowError, ValueError):
            self._seek(offset, whence)


def _count(channels, rate, total, length, sample_rate):
    """How many frames of a file are read; raises a ValueError for what is not read."""
    if not 1 <= channels <= 2:
        raise ValueError(f"{channels} channels: only mono and stereo are read")
    if not _RATES[0] <= rate <= _RATES[1]:
        raise ValueError(f"a sample rate of {rate:,} Hz, which is not read")
    needed = math.ceil(length * rate / sample_rate) + 1
    if min(needed, total) > _MOST_FRAMES:
        raise ValueError(f"too long at {rate:,} Hz: give a smaller --length")
    return min(needed, total)


def _resampled(sound, rate, sample_rate):
    if rate == sample_rate:
        return sound
    try:
        import soxr
    except (ImportError, OSError) as error:
        raise ValueError(
            f"its sample rate is {rate:,} Hz: pip install soxr, which changes it, or give "
            f"--sample_rate={rate}"
        ) from error
    return soxr.resample(sound, rate, sample_rate)
