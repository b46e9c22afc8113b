"""The log spectrum of sound."""

import itertools

import tensorflow as tf

from gan_tf.features.extractor import Extractor, digest
from gan_tf.modalities.audio import Audio
from gan_tf.registry import FEATURES

_WINDOW, _HOP = 256, 128
_BANDS = 24
_PARTS = 8  # of a clip
_LEAST = 1e-4  # power that counts as silence


@FEATURES.register("log_spectrum")
class LogSpectrum(Extractor):
    """The log energy of sound in 24 bands, in each eighth of a clip; 192 features.

    Bands are equally wide on the mel scale if the sample rate is 8 kHz, and have the same place
    relative to it at others. The phase of sound, which is hardly heard, has no influence.
    """

    name = "log_spectrum"
    modalities = ("audio",)
    channels = None

    def __init__(self):
        super().__init__()
        self.digest = digest(f"log_spectrum {_WINDOW} {_HOP} {_BANDS} {_PARTS} {_LEAST} 1")

    def compute(self, images):
        sound = Audio().to_network(images)[..., 0]
        # The least samples that have a frame for each part.
        short = max(0, _WINDOW + _HOP * (_PARTS - 1) - sound.shape[1])
        frames = tf.signal.stft(tf.pad(sound, [[0, 0], [0, short]]), _WINDOW, _HOP)
        bands = tf.signal.linear_to_mel_weight_matrix(_BANDS, _WINDOW // 2 + 1, 8000, 40.0, 4000.0)
        energies = tf.square(tf.abs(frames)) @ bands
        parts = [tf.reduce_mean(each, axis=1) for each in _split(energies)]
        return tf.math.log(tf.concat(parts, axis=1) + _LEAST), None


def _split(frames):
    """Frames (n, t, bands) in parts of about equal length."""
    edges = [round(frames.shape[1] * part / _PARTS) for part in range(_PARTS + 1)]
    return [frames[:, start:end] for start, end in itertools.pairwise(edges)]
