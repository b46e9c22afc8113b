"""Rejection sampling: images are drawn until the discriminator accepts them."""

import itertools

import numpy as np

from gan_tf import latents
from gan_tf.data.examples import LABEL, collect, select
from gan_tf.errors import UserError
from gan_tf.registry import REJECTIONS
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.acceptance import calibrate, check

_MOST = 5_000  # reals, and fakes, for the calibration of discriminators
_FEWEST = 50  # reals for it
_FIRST = 1 << 40  # index of the first fake for it
_MIN_RATE = 1e-4  # the lowest acceptance rate,
_TRIED = 20_000  # checked from this many images on


class RejectionSampler:
    """An ensemble of which only the images that its discriminators accept are yielded.

    Acceptance depends on the mean of the discriminators' logits, which are calibrated if the
    rejection method needs it, on real images that they were not trained on. The k-th accepted
    image depends on the seed and k alone.

    Args:
        ensemble: an `Ensemble`.
        spec: of an entry of `REJECTIONS`, such as "drs(percentile=90)".
        **location: fields of `Config` with the location of the real images, such as `data_dir`.

    Attributes:
        proposed, accepted: how many images so far.
        notes: sentences on how it was calibrated.

    Raises:
        UserError: when the method does not work with a run (see `gan_tf.sampling.acceptance.check`),
            or there are too few real images.
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
        """Yields the accepted ones of each 100 images, endlessly; "number" is the index as drawn.

        Raises:
            UserError: when fewer than 1 in 10,000 images is accepted.
        """
        for made in self.ensemble.stream(seed):
            logits = self._calibrated(self._logits(made))
            uniforms = latents.draw_uniform(seed, made.columns["number"], latents.ACCEPTANCE)
            accepted = self.rejection.accepts(logits, uniforms)
            self.proposed += len(made)
            self.accepted += int(accepted.sum())
            if self.proposed >= _TRIED and self.accepted < _MIN_RATE * self.proposed:
                raise UserError(
                    f"Only {self.accepted:,} of {self.proposed:,} images were accepted, which would take "
                    "forever: give a lower threshold, such as --reject='threshold(0.1)', or "
                    "--reject=drs, or leave --reject out."
                )
            if accepted.any():
                yield made[accepted]

    def summary(self):
        """Returns a sentence on how many images were accepted."""
        rate = self.accepted / max(1, self.proposed)
        return f"Accepted: {self.accepted:,} of {self.proposed:,} images ({rate:.2%})."

    def _logits(self, made):
        """The logits of each discriminator, (runs, n)."""
        labels = made.columns.get("label")
        return np.stack(
            [each.discriminate(made.samples, labels).logits for each in self.ensemble.runs]
        )

    def _calibrated(self, logits):
        """The mean over the discriminators of their calibrated logits, float64 (n,)."""
        return np.mean([a * each + b for (a, b), each in zip(self._lines, logits)], axis=0)

    def _calibrate(self):
        # Indices far beyond those of the images that are output.
        batches = itertools.islice(self.ensemble.stream(0, _FIRST), _MOST // CHUNK)
        fakes = np.concatenate([self._logits(each) for each in batches], axis=1)
        self._lines = []
        for run, fake in zip(self.ensemble.runs, fakes):
            pixels, labels, origin = self._reals(run)
            slope, intercept = calibrate(run.discriminate(pixels, labels).logits, fake)
            name = run.run.path
            if slope <= 0:
                raise UserError(
                    f"The discriminator of '{name}' does not separate real images from generated ones "
                    "(the latter score as high): rejection would do harm, leave --reject out."
                )
            self.notes.append(
                f"Calibrated the discriminator of '{name}' on {len(pixels):,} real images {origin}: "
                f"log ratio = {slope:.3g} logit {intercept:+.3g}."
            )
            self._lines.append((slope, intercept))
        self.rejection.begin(self._calibrated(fakes))

    def _reals(self, run):
        """Real images, their labels, and a phrase that describes them."""
        label = self.ensemble.label
        origin = "that it was not trained on"
        _, source = run.source(**self._location)
        pixels, labels = self._take(source.held_out(), source.sample, label)
        if pixels is None:
            origin = "of its training data, as there are no others, so that it accepts too few"
            data = run.data(**self._location)
            order = np.random.default_rng(0).permutation(len(data))
            chosen = (order[at : at + 500] for at in range(0, len(order), 500))
            batches = (select(data.arrays, rows) for rows in map(np.sort, chosen))
            pixels, labels = self._take(batches, source.sample, label)
        if pixels is None or len(pixels) < _FEWEST:
            raise UserError(
                f"The data of '{run.run.path}' have only {0 if pixels is None else len(pixels)} real "
                f"images to calibrate its discriminator with, and {_FEWEST} are needed: use "
                "--reject=threshold."
            )
        return pixels, labels if run.conditional else None, origin

    def _take(self, batches, sample, label):
        """The first samples of a stream, of one class if `label` is given, and their labels."""
        if label is not None:
            batches = (select(batch, batch[LABEL] == label) for batch in batches)
        taken = collect(batches, _MOST)
        return taken.get(sample), taken.get(LABEL)
