"""Sampling with rejection: images are drawn until the discriminator accepts them."""

import itertools

import numpy as np

from gan_tf import latents
from gan_tf.data.examples import LABEL, collect, select
from gan_tf.errors import UserError
from gan_tf.registry import REJECTIONS
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.acceptance import calibrate, check

_SHOWN = 5_000  # reals, and fakes, by which discriminators are calibrated, at most
_FEWEST = 50  # and at least
_BEGIN = 1 << 40  # numbers of the fakes that are judged before the first
_SCARCE = 1e-4  # the least share that may be accepted,
_TRIED = 20_000  # after so many


class Rejecting:
    """An ensemble whose images are drawn again until its discriminators accept them.

    The judgement is the mean of the discriminators' logits, calibrated where the way to reject
    asks for it, with real images that the discriminators have not learnt from. The k-th accepted
    image depends on the seed and k alone.

    Args:
        ensemble: an `Ensemble`.
        spec: of an entry of `REJECTIONS`, such as "drs(percentile=90)".
        **location: fields of `Config` that say where the real images are, such as `data_dir`.

    Attributes:
        proposed, accepted: how many images there have been so far.
        notes: sentences on how it was calibrated.

    Raises:
        UserError: when it cannot work: see `gan_tf.sampling.acceptance.check`, or for want of real images.
    """

    def __init__(self, ensemble, spec, **location):
        for each in ensemble.runs:
            check(each.run, spec)
        self.ensemble = ensemble
        self.rejection = REJECTIONS.build(spec)
        self.proposed = self.accepted = 0
        self.notes = []
        self._lines = [(1.0, 0.0)] * len(ensemble.runs)
        self._location = location
        if self.rejection.calibrated:
            self._calibrate()

    def stream(self, seed):
        """Yields `Generated` of the accepted images of 100 at a time, for ever; "number" as drawn.

        Raises:
            UserError: when hardly any image is accepted.
        """
        for made in self.ensemble.stream(seed):
            logits = self._calibrated(self._judge(made))
            uniforms = latents.draw_uniform(seed, made.columns["number"], latents.ACCEPTANCE)
            accepted = self.rejection.accepts(logits, uniforms)
            self.proposed += len(made)
            self.accepted += int(accepted.sum())
            if self.proposed >= _TRIED and self.accepted < _SCARCE * self.proposed:
                raise UserError(
                    f"Of {self.proposed:,} images {self.accepted:,} were accepted, which would take "
                    "for ever: give a lower threshold, such as --reject='threshold(0.1)', or "
                    "--reject=drs, or leave --reject out."
                )
            if accepted.any():
                yield made[accepted]

    def summary(self):
        """Returns a sentence on how many images were accepted."""
        share = self.accepted / max(1, self.proposed)
        return f"Accepted: {self.accepted:,} of {self.proposed:,} images ({share:.2%})."

    def _judge(self, made):
        """The logits of each discriminator, (runs, n)."""
        labels = made.columns.get("label")
        return np.stack(
            [each.discriminate(made.samples, labels).logits for each in self.ensemble.runs]
        )

    def _calibrated(self, logits):
        """The mean over the discriminators of their calibrated logits, float64 (n,)."""
        return np.mean([a * each + b for (a, b), each in zip(self._lines, logits)], axis=0)

    def _calibrate(self):
        # Of a seed and numbers that no image which is shown has.
        shown = itertools.islice(self.ensemble.stream(0, _BEGIN), _SHOWN // CHUNK)
        fakes = np.concatenate([self._judge(each) for each in shown], axis=1)
        self._lines = []
        for run, fake in zip(self.ensemble.runs, fakes):
            pixels, labels, unseen = self._reals(run)
            slope, intercept = calibrate(run.discriminate(pixels, labels).logits, fake)
            name = run.run.path
            if slope <= 0:
                raise UserError(
                    f"The discriminator of '{name}' does not tell real images from generated ones "
                    "(it finds the latter as real): rejection would do harm, leave --reject out."
                )
            self.notes.append(
                f"Calibrated the discriminator of '{name}' on {len(pixels):,} real images {unseen}: "
                f"log ratio = {slope:.3g} logit {intercept:+.3g}."
            )
            self._lines.append((slope, intercept))
        self.rejection.begin(self._calibrated(fakes))

    def _reals(self, run):
        """Real images, their labels, and a phrase that says which they are."""
        wanted = self.ensemble.label
        unseen = "that it was not trained on"
        _, source = run.source(**self._location)
        pixels, labels = self._taken(source.held_out(), source.sample, wanted)
        if pixels is None:
            unseen = "of its training data, for want of others, so that it accepts too few"
            data = run.data(**self._location)
            order = np.random.default_rng(0).permutation(len(data))
            chosen = (order[at : at + 500] for at in range(0, len(order), 500))
            batches = (select(data.arrays, rows) for rows in map(np.sort, chosen))
            pixels, labels = self._taken(batches, source.sample, wanted)
        if pixels is None or len(pixels) < _FEWEST:
            raise UserError(
                f"The data of '{run.run.path}' have only {0 if pixels is None else len(pixels)} real "
                f"images to calibrate its discriminator with, and {_FEWEST} are needed: give "
                "--reject=threshold."
            )
        return pixels, labels if run.conditional else None, unseen

    def _taken(self, batches, sample, label):
        """The first samples of a stream, of a class where there is one, and labels; None, None."""
        if label is not None:
            batches = (select(batch, batch[LABEL] == label) for batch in batches)
        taken = collect(batches, _SHOWN)
        return taken.get(sample), taken.get(LABEL)
