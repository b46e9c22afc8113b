"""Sampling from trained runs: streams of samples, each a function of a seed and an index."""

import dataclasses
import itertools

import numpy as np

from gan_tf import latents
from gan_tf.messages import progress_bar, show
from gan_tf.runs import choices
from gan_tf.runs.longer_videos import lengthen
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.runs.truncation import truncate
from gan_tf.runtime.chunk import CHUNK
from gan_tf.sampling.formats.format import Generated, facts_of
from gan_tf.sampling.rejection_sampler import RejectionSampler

# Options that the notes in files state.
_STATED = ("truncation", "psi", "temperature", "prompt", "reject")


def generate(generator, modality, num_images, seed=0, labels=None):
    """Yields samples of a generator that can still be training.

    Args:
        generator: a `FixedBatchModel`: (batch, latent_dim), or [latents, labels], ->
            (batch, H, W, C) in [-1, 1].
        modality: of its samples.
        num_images: how many in total.
        seed: sample k depends on the seed and k alone.
        labels: for a conditional generator: (seed, indices) -> int labels.

    Yields:
        stored samples (up to 100, *shape), and the labels, or None.
    """
    for start in range(0, num_images, CHUNK):
        indices = range(start, start + CHUNK)
        inputs = [latents.draw(seed, indices, generator.shapes[0][-1])]
        chosen = labels and labels(seed, indices)
        made = modality.to_stored(generator(*inputs, *([] if chosen is None else [chosen])))
        count = num_images - start
        yield made[:count], chosen[:count] if labels else None


def grouped(batches, size):
    """Merges a stream of `Generated` into batches of at least `size` samples, except the last."""
    waiting = []
    for made in batches:
        waiting.append(made)
        if sum(map(len, waiting)) >= size:
            yield Generated.concatenate(waiting)
            waiting = []
    if waiting:
        yield Generated.concatenate(waiting)


class Ensemble:
    """One or more runs to sample from; the run of sample k depends on the seed and k alone.

    Args:
        runs: `TrainedRun`s with samples of one shape and the same classes.
        weights: float, one per run: how often it is drawn; None: all equally often.
        label: the name or index of the class of all samples; None: with the class frequencies of
            the data.
        truncation: see `latents.draw`. It is applied to the normal latents that other
            priors are functions of: uniform latents come from the middle of their interval, lognormal
            ones lose both tails, spherical ones keep their length and are hardly changed.
        steering: a `gan_tf.runs.steering.Steering` of all samples; None: as trained.
        psi: see `gan_tf.networks.styles.truncated`; the runs are changed. None: as trained.
        frames: of videos, see `gan_tf.runs.longer_videos`; the runs are changed. None: as trained.

    Raises:
        UserError: when the runs are incompatible, or there is no such class.
    """

    def __init__(
        self,
        runs,
        weights=None,
        label=None,
        truncation=None,
        steering=None,
        psi=None,
        frames=None,
    ):
        self.runs = runs
        self.weights = list(weights or [1.0] * len(runs))
        self.truncation = truncation
        self.steering = steering
        self.first = runs[0]
        for each in runs:
            truncate(each, psi)
            lengthen(each, frames)
        choices.check_together([each.run for each in runs])
        self.label = None if label is None else self.first.class_index(label)

    @property
    def conditional(self):
        return self.first.conditional

    def make(self, seeds, indices):
        """Makes up to 100 samples.

        Args:
            seeds, indices: int (n,), n at most 100: the seed and index of each sample.

        Returns:
            `Generated`, with the columns "seed" and "number", "label" if the runs are conditional,
            and "run" if there are several.
        """
        columns = {"seed": np.asarray(seeds, np.int64), "number": np.asarray(indices, np.int64)}
        chosen = np.zeros(len(columns["seed"]), np.int64)
        if len(self.runs) > 1:
            chosen = latents.draw_labels(seeds, indices, self.weights, latents.RUN)
            columns["run"] = chosen
        labels = self.first.choose_labels(seeds, indices, self.label)
        if labels is not None:
            columns["label"] = labels
        made = np.empty((len(chosen), *self.first.sample_shape), self.first.modality.stored_dtype)
        for index, run in enumerate(self.runs):
            rows = np.flatnonzero(chosen == index)
            if len(rows):
                drawn = latents.draw(
                    columns["seed"][rows], columns["number"][rows], run.latent_dim, self.truncation
                )
                given = None if labels is None else labels[rows]
                made[rows] = run.samples(drawn, given, steering=self.steering)
        return Generated(made, columns)

    def stream(self, seed, start=0):
        """Yields `Generated`, endlessly, a chunk each: a seed's samples from index `start` on."""
        size = self.first.chunk
        for first in itertools.count(start, size):
            yield self.make([seed] * size, range(first, first + size))

    def of_seeds(self, seeds):
        """Yields the first sample of each seed, in `Generated` of up to a chunk."""
        for start in range(0, len(seeds), self.first.chunk):
            part = seeds[start : start + self.first.chunk]
            yield self.make(part, [0] * len(part))

    def facts(self):
        """Returns a dict for each run, for the notes in files."""
        return tuple(map(facts_of, self.runs))


def write_samples(options, request):
    """Loads the runs, makes the samples of a plan, writes them, and prints a summary.

    Args:
        options: the options of `gan_tf.generate`.
        request: the `gan_tf.sampling.request.Request`.

    Raises:
        UserError: when a run cannot be used, or the disk is full.
    """
    trained = [TrainedRun(each, options.checkpoint) for each in request.runs]
    ensemble = Ensemble(
        trained,
        request.weights,
        options.label,
        options.truncation,
        request.steering,
        options.psi,
        request.frames,
    )
    source = ensemble
    if options.reject:
        source = RejectionSampler(ensemble, options.reject, **options.location())
        for note in source.notes:
            show(note)
    job, plan = request.job, request.plan
    if job.facts is not None:
        chosen = {name: getattr(options, name) for name in _STATED}
        facts = job.facts | {name: each for name, each in chosen.items() if each is not None}
        job = dataclasses.replace(job, facts=facts, runs=ensemble.facts())
    plural = job.modality.plural
    with progress_bar(total=plan.count, unit=f" {plural}", unit_scale=True) as bar:

        def counted():
            made = plan.batches(ensemble, source.stream(options.seed))
            for batch in grouped(made, options.batch_size):
                yield batch
                bar.update(len(batch))

        request.form.write(request.out, counted(), job)
        seconds = bar.format_dict["elapsed"]
    if options.reject:
        show(source.summary())
    paths = " and ".join(f"'{each.path}'" for each in request.runs)
    show(f"{plan.count:,} {plural} of {paths} in {seconds:.1f} s: {request.out}")
