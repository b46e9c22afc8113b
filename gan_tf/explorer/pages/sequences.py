"""Sequences of tokens: those of consecutive seeds, as text."""

import re
import threading

import flask
import numpy as np

from gan_tf import latents
from gan_tf.explorer import texts
from gan_tf.explorer.pages.page import Page
from gan_tf.explorer.request import parse_sequences
from gan_tf.registry import GANS, PAGES
from gan_tf.runs import steering


@PAGES.register("sequences")
class Sequences(Page):
    """Sequences that are drawn token by token: samples by seed, temperature, prompt."""

    source = "noise"
    modalities = ("tokens",)
    template = "sequences.html"

    def __init__(self, trained):
        super().__init__(trained)
        self._model = threading.Lock()

    def facts(self):
        supported = GANS.entry(self.trained.config.gan).attributes["supported"]
        return {
            "length": self.trained.sample_shape[0],
            "vocabulary": len(self.trained.modality.vocabulary),
            "labels": list(self.trained.label_names) if self.trained.conditional else [],
            "smooth": self.trained.kind.cls.smooth,
            "steers": [name for name in ("temperature", "prompt") if name in supported],
            "real_texts": texts.snapshot_text(self.trained.run, texts.REALS) is not None,
        }

    def serve(self, application):
        """Adds sequences, and the snapshots of training as text."""
        run, facts = self.trained.run, self.facts()
        of_run = len(facts["labels"]), facts["smooth"]

        @application.get("/api/sequences")
        def sequences():
            request = parse_sequences(list(flask.request.args.items(multi=True)), *of_run)
            return flask.jsonify(first=request.first, sequences=self.draw(request))

        @application.get("/snapshots/<string(maxlength=18):step>.txt")
        def text_snapshot(step):
            known = re.fullmatch("[0-9]+", step)
            return texts.send_text(run, f"step-{int(step):08d}.txt" if known else "")

        @application.get("/reals.txt")
        def text_reals():
            return texts.send_text(run, texts.REALS)

    def draw(self, request):
        """Returns the sequences of a `SequencesRequest`: the first of each seed, as `generate` has them.

        Those of an interpolation are along the great circle between two latents, of the first's class.

        Raises:
            UserError: when the run cannot draw such sequences.
        """
        trained, count = self.trained, request.count
        seeds = list(range(request.first, request.first + count))
        steered = steering.read(trained.run, request.temperature, request.prompt)
        if request.to is not None:
            seeds = [request.first] * count
            ends = latents.draw([request.first, request.to], [0, 0], trained.latent_dim)
            noise = latents.slerp(*ends, np.linspace(0, 1, count))
        else:
            noise = latents.draw(seeds, [0] * count, trained.latent_dim)
        labels = None
        if trained.conditional:
            labels = trained.choose_labels(seeds, [0] * count, request.label)
        with self._model:
            made = trained.samples(noise, labels, steering=steered)
        return trained.modality.texts(np.asarray(made))


@PAGES.register("latent_sequences")
class LatentSequences(Sequences):
    """Sequences from latents: samples by seed, interpolations."""

    source = "latent"
