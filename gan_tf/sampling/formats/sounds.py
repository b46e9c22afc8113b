"""Formats of sound: one file per clip."""

from gan_tf.modalities import audio
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import OneFileEach


@FORMATS.register("wav")
class Wav(OneFileEach):
    """One WAV file each, 16 bit, in a folder."""

    modalities = ("audio",)
    suffix = ".wav"

    def encode(self, sample, note, modality):
        return audio.wav(sample, modality.sample_rate, note)


@FORMATS.register("flac")
class Flac(OneFileEach):
    """One FLAC file each, in a folder: the same samples, smaller; needs pip install soundfile."""

    modalities = ("audio",)
    suffix = ".flac"

    def check(self, job):
        del job
        audio.soundfile("--format=flac", "choose --format=wav")

    def encode(self, sample, note, modality):
        return audio.flac(sample, modality.sample_rate, note)
