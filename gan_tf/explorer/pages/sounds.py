"""Sound generated from latents: samples to hear and to see, and interpolations."""

import re

import flask
import numpy as np

from gan_tf.explorer.pages.page import Page
from gan_tf.explorer.painter import Painter
from gan_tf.explorer.pictures import send_picture
from gan_tf.explorer.request import parse_request
from gan_tf.modalities import audio
from gan_tf.modalities.image import png
from gan_tf.registry import PAGES


@PAGES.register("sounds")
class Sounds(Page):
    """Clips from latents: samples by seed, waveforms, spectrograms, interpolations."""

    source = "latent"
    modalities = ("audio",)
    template = "sounds.html"

    def facts(self):
        trained = self.trained
        return {
            "about": trained.modality.describe(trained.sample_shape),
            "labels": list(trained.label_names) if trained.conditional else [],
            "heard": True,
        }

    def serve(self, application):
        """Adds generated clips, as WAV and as pictures, and the sound of snapshots."""
        run, painter = self.trained.run, Painter(self.trained, self._encoded)
        classes = len(self.facts()["labels"])

        def requested():
            return parse_request(list(flask.request.args.items(multi=True)), classes)

        @application.get("/clip.wav")
        def clip():
            request = requested()
            response = flask.Response(painter.encoded(request)[0], mimetype="audio/wav")
            name = self.file_name(f"-seed{request.seed}.wav")
            response.headers["Content-Disposition"] = f'inline; filename="{name}"'
            return response

        @application.get("/image.png")
        def picture():
            return flask.Response(painter.encoded(requested())[1], mimetype="image/png")

        @application.get("/snapshots/<string(maxlength=18):step>.wav")
        def heard_snapshot(step):
            known = re.fullmatch("[0-9]+", step)
            return send_picture(run, f"step-{int(step):08d}.wav" if known else "")

        @application.get("/reals.wav")
        def heard_reals():
            return send_picture(run, "reals.wav")

    def _encoded(self, sample, note):
        """A clip as WAV, and its waveform above its spectrogram as PNG, each with the note."""
        drawn = np.concatenate([audio.waveform(sample), audio.spectrogram(sample)])
        return audio.wav(sample, self.trained.modality.sample_rate, note), png(drawn, note)
