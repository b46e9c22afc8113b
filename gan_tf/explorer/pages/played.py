"""What the pages of sound and of videos share: samples from latents that play."""

import abc
import re

import flask

from gan_tf.explorer.pages.page import Page
from gan_tf.explorer.painter import Painter
from gan_tf.explorer.pictures import send_picture
from gan_tf.explorer.request import parse_request


class Played(Page):
    """Base of the pages of samples that play, and that are seen in a picture each.

    Subclasses define `encoded`, and set

        played: the name of a sample that plays, in requests, such as "clip.wav".
        mimetype: its type.
    """

    source = "latent"
    played = None
    mimetype = None

    @abc.abstractmethod
    def encoded(self, sample, note):
        """Returns a stored sample as a file that plays and as PNG, each with the note, a dict."""

    def facts(self):
        trained = self.trained
        return {
            "about": trained.modality.describe(trained.sample_shape),
            "labels": list(trained.label_names) if trained.conditional else [],
        }

    def serve(self, application):
        """Adds generated samples, as files that play and as pictures, and the snapshots that play."""
        run, painter, facts = self.trained.run, Painter(self.trained, self.encoded), self.facts()
        suffix = self.trained.modality.snapshot_suffix

        def requested():
            arguments = list(flask.request.args.items(multi=True))
            return parse_request(arguments, len(facts["labels"]), moving=facts.get("moving", False))

        @application.get(f"/{self.played}")
        def played():
            request = requested()
            response = flask.Response(painter.encoded(request)[0], mimetype=self.mimetype)
            name = self.file_name(f"-seed{request.seed}.{self.played.rpartition('.')[2]}")
            response.headers["Content-Disposition"] = f'inline; filename="{name}"'
            return response

        @application.get("/image.png")
        def picture():
            return flask.Response(painter.encoded(requested())[1], mimetype="image/png")

        @application.get(f"/snapshots/<string(maxlength=18):step>{suffix}")
        def played_snapshot(step):
            known = re.fullmatch("[0-9]+", step)
            return send_picture(run, f"step-{int(step):08d}{suffix}" if known else "")

        @application.get(f"/reals{suffix}")
        def played_reals():
            return send_picture(run, f"reals{suffix}")
