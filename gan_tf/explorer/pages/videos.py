"""Videos generated from latents: samples that play, interpolations, content and motion."""

import re

import flask

from gan_tf.explorer.pages.page import Page
from gan_tf.explorer.painter import Painter
from gan_tf.explorer.pictures import send_picture
from gan_tf.explorer.request import parse_request
from gan_tf.modalities.image import animation, png
from gan_tf.modalities.video import strip
from gan_tf.registry import ARCHITECTURES, PAGES


@PAGES.register("videos")
class Videos(Page):
    """Videos from latents: samples by seed, frames, interpolations, content and motion."""

    source = "latent"
    modalities = ("video",)
    template = "videos.html"

    def facts(self):
        trained = self.trained
        return {
            "about": trained.modality.describe(trained.sample_shape),
            "labels": list(trained.label_names) if trained.conditional else [],
            "moving": ARCHITECTURES.entry(trained.config.arch).attributes["moves"],
            "snapshots": "gif",
        }

    def serve(self, application):
        """Adds generated videos, as WebP and as strips of frames, and the snapshots that move."""
        run, painter, facts = self.trained.run, Painter(self.trained, self._encoded), self.facts()

        def requested():
            arguments = list(flask.request.args.items(multi=True))
            return parse_request(arguments, len(facts["labels"]), moving=facts["moving"])

        @application.get("/video.webp")
        def video():
            request = requested()
            response = flask.Response(painter.encoded(request)[0], mimetype="image/webp")
            name = self.file_name(f"-seed{request.seed}.webp")
            response.headers["Content-Disposition"] = f'inline; filename="{name}"'
            return response

        @application.get("/image.png")
        def frames():
            return flask.Response(painter.encoded(requested())[1], mimetype="image/png")

        @application.get("/snapshots/<string(maxlength=18):step>.gif")
        def moving_snapshot(step):
            known = re.fullmatch("[0-9]+", step)
            return send_picture(run, f"step-{int(step):08d}.gif" if known else "")

        @application.get("/reals.gif")
        def moving_reals():
            return send_picture(run, "reals.gif")

    def _encoded(self, sample, note):
        """A video as WebP, exactly, and its frames side by side as PNG, each with the note."""
        duration = self.trained.modality.duration
        return animation(sample, "WEBP", duration, note, lossless=True), png(strip(sample), note)
