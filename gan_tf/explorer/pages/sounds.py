"""Sound generated from latents: samples to hear and to see, and interpolations."""

import numpy as np

from gan_tf.explorer.pages.played import Played
from gan_tf.modalities import audio
from gan_tf.modalities.image import png
from gan_tf.registry import PAGES


@PAGES.register("sounds")
class Sounds(Played):
    """Clips from latents: samples by seed, waveforms, spectrograms, interpolations."""

    modalities = ("audio",)
    template = "sounds.html"
    played = "clip.wav"
    mimetype = "audio/wav"

    def facts(self):
        return super().facts() | {"heard": True}

    def encoded(self, sample, note):
        """Returns a clip as WAV, and its waveform above its spectrogram as PNG."""
        drawn = np.concatenate([audio.waveform(sample), audio.spectrogram(sample)])
        return audio.wav(sample, self.trained.modality.sample_rate, note), png(drawn, note)
