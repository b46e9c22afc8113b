"""Sampling from trained runs: streams of images, each a function of a seed and its number."""

import dataclasses
import itertools

import numpy as np
from tqdm import tqdm

from gan_tf import latents
from gan_tf.errors import UserError
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.formats.format import Generated
from gan_tf.sampling.rejection_sampler import Rejecting


def generate(generator, modality, num_images, seed=0, labels=None):
    """Yields images of a generator that may still learn.

    Args:
        generator: a `FixedBatchModel` Keras model: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1],
            or of [latents, labels].
        modality: that of its samples.
        num_images: how many in all.
        seed: image k depends on the seed and k alone.
        labels: for a conditional generator: (seed, indices) -> int labels.

    Yields:
        stored samples (up to 100, *shape), and the labels, or None.
    """
    for start in range(0, num_images, CHUNK):
        numbers = range(start, start + CHUNK)
        inputs = [latents.draw(seed, numbers, generator.shapes[0][-1])]
        chosen = labels and labels(seed, numbers)
        made = modality.to_stored(generator(*inputs, *([] if chosen is None else [chosen])))
        count = num_images - start
        yield made[:count], chosen[:count] if labels else None


def grouped(batches, size):
    """Yields a stream of `Generated` in batches of `size` images or somewhat more, but for the last."""
    waiting = []
    for made in batches:
        waiting.append(made)
        if sum(map(len, waiting)) >= size:
            yield Generated.concatenate(waiting)
            waiting = []
    if waiting:
        yield Generated.concatenate(waiting)


class Ensemble:
    """One or more runs that take turns; image k is of a run that depends on the seed and k alone.

    Args:
        runs: `TrainedRun`s with images of one shape and the same classes.
        weights: float, one for each run: how often it is drawn from; None: all as often.
        label: the name or number of the class of all images; None: as often as in the data.
        truncation: see `latents.draw`. It is applied to the normal latents that a prior is a
            function of: uniform latents come from the middle of their interval, lognormal
            ones lose both tails, spherical ones keep their length and are hardly changed.

    Raises:
        UserError: when the runs do not fit together, or there is no such class.
    """

    def __init__(self, runs, weights=None, label=None, truncation=None):
        self.runs = runs
        self.weights = list(weights or [1.0] * len(runs))
        self.truncation = truncation
        first = self.first = runs[0]
        for each in runs[1:]:
            check_fit(first, each)
        self.label = None if label is None else first.class_index(label)

    @property
    def conditional(self):
        return self.first.conditional

    def make(self, seeds, numbers):
        """Makes up to 100 images.

        Args:
            seeds, numbers: int (n,), n at most 100: those of each image.

        Returns:
            `Generated`, with the columns "seed" and "number", "label" where the runs are conditional,
            and "run" where there are several.
        """
        columns = {"seed": np.asarray(seeds, np.int64), "number": np.asarray(numbers, np.int64)}
        turn = np.zeros(len(columns["seed"]), np.int64)
        if len(self.runs) > 1:
            turn = latents.draw_labels(seeds, numbers, self.weights, latents.RUN)
            columns["run"] = turn
        labels = self.first.choose_labels(seeds, numbers, self.label)
        if labels is not None:
            columns["label"] = labels
        made = np.empty((len(turn), *self.first.image_shape), self.first.modality.stored_dtype)
        for index, run in enumerate(self.runs):
            rows = np.flatnonzero(turn == index)
            if len(rows):
                drawn = latents.draw(
                    columns["seed"][rows], columns["number"][rows], run.latent_dim, self.truncation
                )
                made[rows] = run.images(drawn, None if labels is None else labels[rows])
        return Generated(made, columns)

    def stream(self, seed, start=0):
        """Yields `Generated` of 100 images each, for ever: of a seed, the numbers from `start` on."""
        for first in itertools.count(start, CHUNK):
            yield self.make([seed] * CHUNK, range(first, first + CHUNK))

    def of_seeds(self, seeds):
        """Yields the first image of each seed, `Generated` of up to 100."""
        for start in range(0, len(seeds), CHUNK):
            part = seeds[start : start + CHUNK]
            yield self.make(part, [0] * len(part))

    def facts(self):
        """Returns what is to be said of each run."""
        return tuple(
            {"run": each.run.path.resolve().name, "checkpoint": each.step} for each in self.runs
        )


def check_fit(first, other):
    """Raises a `UserError` where two `TrainedRun`s cannot be sampled together."""
    if first.image_shape != other.image_shape:
        raise UserError(
            f"The {first.modality.plural} of '{first.run.path}' are {_shape(first)} and those of "
            f"'{other.run.path}' {_shape(other)}: runs that are sampled together must make samples of "
            "one shape."
        )
    classes = [each.conditional and each.label_names for each in (first, other)]
    if classes[0] != classes[1]:
        raise UserError(
            f"'{first.run.path}' and '{other.run.path}' do not take the same labels: runs that are "
            "sampled together must all be conditional on the same classes, or none."
        )


def _shape(run):
    return run.modality.describe(run.image_shape)


def write_samples(options, request):
    """Loads the runs, makes the samples of a plan, writes them, and says so.

    Args:
        options: those of `gan_tf.generate`.
        request: the `gan_tf.sampling.request.Request`.

    Raises:
        UserError: when a run cannot be used, or the disk is full.
    """
    trained = [TrainedRun(each, options.checkpoint) for each in request.runs]
    ensemble = Ensemble(trained, request.weights, options.label, options.truncation)
    source = ensemble
    if options.reject:
        source = Rejecting(ensemble, options.reject, **options.location())
        for note in source.notes:
            print(note, flush=True)
    job, plan = request.job, request.plan
    if job.facts is not None:
        chosen = {name: getattr(options, name) for name in ("truncation", "reject")}
        facts = job.facts | {name: each for name, each in chosen.items() if each is not None}
        job = dataclasses.replace(job, facts=facts, runs=ensemble.facts())
    plural = job.modality.plural
    with tqdm(total=plan.count, unit=f" {plural}", unit_scale=True, leave=False) as bar:

        def counted():
            made = plan.batches(ensemble, source.stream(options.seed))
            for batch in grouped(made, options.batch_size):
                yield batch
                bar.update(len(batch))

        request.form.write(request.out, counted(), job)
        seconds = bar.format_dict["elapsed"]
    if options.reject:
        print(source.summary())
    paths = " and ".join(f"'{each.path}'" for each in request.runs)
    print(f"{plan.count:,} {plural} of {paths} in {seconds:.1f} s: {request.out}")
