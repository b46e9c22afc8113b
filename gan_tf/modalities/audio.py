"""Sound: int16 arrays (n, length, 1) at a sample rate, and all code specific to it."""

import io
import itertools
import json
import struct
import wave

import numpy as np

from gan_tf.errors import UserError
from gan_tf.modalities.image import Image, grid, png
from gan_tf.modalities.modality import Modality
from gan_tf.registry import MODALITIES

LARGEST = 32767
_RATES = (1000, 192_000)  # Hz
_SIDE = 128  # pixels of a spectrogram
_HEIGHT = 48  # of a waveform
_WINDOW = 256  # samples
_FLOOR = -80.0  # dB below full scale, the color of silence
_HEARD = 16  # clips of a snapshot, and in TensorBoard
_PAUSE = 0.15  # seconds between them
_TAGS = {"Software": b"ISFT", "Description": b"INAM", "Comment": b"ICMT"}  # of WAV files


@MODALITIES.register("audio")
class Audio(Modality):
    """Sound: int16 (length, 1), mono, for networks scaled to -1 to 1.

    Clips of one data set have the same length. Zero is silence, and both ends of the range are as
    far from it: -32768 does not occur in what is generated.

    Args:
        sample_rate: samples per second, from 1000 to 192,000; default 16,000.

    Raises:
        ValueError: for another sample rate.
    """

    name = "audio"
    plural = "clips"
    disclaimer = "not a recording"
    stored_dtype = "int16"
    stored_range = (-32767, 32767)
    longest = 262144
    snapshot_suffix = ".wav"
    history_name = "animation.gif"
    default_arch = "wavegan"
    default_features = "log_spectrum"
    default_format = "wav"

    def __init__(self, sample_rate=16_000):
        if not _RATES[0] <= sample_rate <= _RATES[1]:
            raise ValueError(f"a sample rate of {sample_rate} Hz is out of range")
        self.sample_rate = sample_rate

    def to_network(self, stored):
        if isinstance(stored, np.ndarray):
            return stored.astype(np.float32) / LARGEST
        import tensorflow as tf  # here, so that flags can be checked without it

        return tf.cast(stored, tf.float32) / LARGEST

    def to_stored(self, outputs):
        scaled = np.rint(np.asarray(outputs, np.float32) * LARGEST)
        return np.clip(scaled, -LARGEST, LARGEST).astype(np.int16)

    def to_stored_tensor(self, outputs):
        from keras import ops

        return ops.cast(ops.clip(ops.round(outputs * LARGEST), -LARGEST, LARGEST), "int16")

    def check_shape(self, shape):
        if len(shape) != 2 or shape[1] != 1 or not 1 <= shape[0] <= self.longest:
            raise ValueError(
                f"a clip has the shape (length, 1), from 1 to {self.longest:,} samples, and this is "
                f"{tuple(shape)}"
            )

    def describe(self, shape):
        seconds = shape[0] / self.sample_rate
        return f"{shape[0]:,} samples at {self.sample_rate:,} Hz ({seconds:.2f} s)"

    def sheet(self, samples, columns=None):
        """Returns the spectrograms of the clips in a grid, as in `spectrogram`."""
        return grid(np.stack([spectrogram(each) for each in samples]), columns)

    def tile(self, shape):
        return _SIDE, _SIDE

    def snapshot(self, samples, columns=None):
        """Returns the first clips one after the other, as WAV."""
        pause = np.zeros((round(_PAUSE * self.sample_rate), 1), np.int16)
        parts = [part for each in samples[:_HEARD] for part in (each, pause)]
        return wav(np.concatenate(parts), self.sample_rate)

    def picture(self, samples, columns=None):
        return png(self.sheet(samples, columns))

    def history(self, snapshots):
        return Image().history([each.with_suffix(".png") for each in snapshots])

    def summarize(self, name, samples, columns=None):
        import tensorflow as tf  # here, so that flags can be checked without it

        heard = self.to_network(np.asarray(samples[:_HEARD]))
        tf.summary.audio(name, heard, self.sample_rate, max_outputs=_HEARD)
        super().summarize(f"{name}/spectrograms", samples, columns)


def spectrogram(clip):
    """Draws the magnitudes of a clip's spectrum over time, in dB relative to full scale.

    Time runs to the right, frequency upwards to half the sample rate. Silence is black, and full
    scale pale yellow: the color map is matplotlib's "magma", from -80 to 0 dB.

    Args:
        clip: int16 (length, 1).

    Returns:
        uint8 (128, 128, 3).
    """
    from matplotlib import colormaps  # takes long to import

    values = clip[:, 0].astype(np.float32) / LARGEST
    values = np.pad(values, (0, max(0, _WINDOW - len(values))))
    starts = np.linspace(0, len(values) - _WINDOW, _SIDE).round().astype(int)
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    frames = values[starts[:, None] + np.arange(_WINDOW)] * window
    spectrum = np.abs(np.fft.rfft(frames, axis=1))[:, :_SIDE] * (2 / window.sum())
    decibels = 20 * np.log10(np.maximum(spectrum, 1e-6))
    shares = np.clip(1 - decibels / _FLOOR, 0, 1).T[::-1]
    return colormaps["magma"](shares, bytes=True)[..., :3]


def waveform(clip):
    """Draws the largest and smallest values of a clip over time, full scale from top to bottom.

    Args:
        clip: int16 (length, 1).

    Returns:
        uint8 (48, 128, 3).
    """
    edges = np.linspace(0, len(clip), _SIDE + 1).astype(int)
    drawn = np.full((_HEIGHT, _SIDE, 3), 16, np.uint8)
    for column, (start, end) in enumerate(itertools.pairwise(edges)):
        part = clip[start : max(end, start + 1), 0].astype(float) / LARGEST
        low, high = ((1 - each) / 2 * (_HEIGHT - 1) for each in (part.max(), part.min()))
        drawn[max(0, round(low)) : round(high) + 1, column] = (252, 180, 110)
    return drawn


def wav(clip, sample_rate, note=None):
    """Encodes a clip as WAV, 16-bit PCM; returns bytes.

    Args:
        clip: int16 (length, 1).
        sample_rate: in Hz.
        note: None, or a dict of metadata: its "Software" and "Description" become the INFO tags
            software and title, and the complete dict, as JSON, the comment.
    """
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate)
        file.writeframes(np.ascontiguousarray(clip, "<i2").tobytes())
    content = buffer.getvalue()
    if note:
        texts = {name: note[name] for name in ("Software", "Description")}
        texts["Comment"] = json.dumps(note)
        info = b"INFO" + b"".join(_chunk(_TAGS[name], text) for name, text in texts.items())
        content += _chunk(b"LIST", info)
        content = content[:4] + struct.pack("<I", len(content) - 8) + content[8:]
    return content


def flac(clip, sample_rate, note=None):
    """Encodes a clip as FLAC, 16 bit; returns bytes. Arguments as for `wav`.

    Raises:
        UserError: when the library for that is not installed.
    """
    buffer = io.BytesIO()
    library = soundfile("--format=flac", "choose --format=wav")
    with library.SoundFile(buffer, "w", sample_rate, 1, "PCM_16", format="FLAC") as file:
        if note:
            file.title, file.comment = note["Description"], json.dumps(note)
            file.software = note["Software"]
        file.write(clip)
    return buffer.getvalue()


def soundfile(what, instead):
    """Returns the module `soundfile`.

    Args:
        what: needs it, for messages.
        instead: a clause that says what else to do.

    Raises:
        UserError: when it is not installed.
    """
    try:
        import soundfile as library
    except (ImportError, OSError) as error:  # OSError: without its C library
        raise UserError(
            f"{what} needs a library that is not installed: pip install soundfile, or {instead}."
        ) from error
    return library


def _chunk(name, content):
    """A chunk of a RIFF file; a text ends in a zero byte."""
    content = content.encode() + b"\0" if isinstance(content, str) else content
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
