"""Scores of generated samples against real ones.

All metrics compare n fakes with n real samples, the reference. Each score comes with the same
metric's floor, of n other real samples, and its ceiling, of n samples of uniform noise. Reference,
others and noise depend on the data set alone, so that the scores of different runs can be
compared; their statistics are kept in a cache folder.

Fakes, others and noise are compared alike, and sorted by rank first (see `ranks`), because some
metrics draw subsets or pairs by position: the order in which samples arrive does not matter.
Where only some of given samples are compared, these are the ones of lowest rank. So the others,
saved and given as fakes, score the floor exactly.
"""

import contextlib
import dataclasses
import functools
import hashlib
import io
import json
import pathlib

import numpy as np

from gan_tf import __version__, modalities
from gan_tf.data.pipeline import load_held_out
from gan_tf.errors import UserError
from gan_tf.evaluation import ranks
from gan_tf.evaluation.collection import batches_of, by_rank, collect, gather, noise
from gan_tf.files.array_file import read_npz
from gan_tf.files.atomic_write import write
from gan_tf.files.json_file import read_json
from gan_tf.metrics.metric import Sample
from gan_tf.options.metric_needs import no_classifier, unknown_distribution
from gan_tf.registry import FEATURES, METRICS

_MOST_BYTES = 1 << 36  # of a cached file
_RANKED = 1 << 15  # real samples, all of which are read to find those of lowest rank
_FORMAT = "by rank, with labels"  # changes when what is cached does


@dataclasses.dataclass(frozen=True)
class Result:
    """A score, with those of other real images (the floor) and of noise (the ceiling).

    Attributes:
        value: the metric of the fakes against the reference.
        standard_error: of the value; None if unknown.
        floor: the metric of other real samples against the reference; None: it has none.
        ceiling: the metric of uniform noise, or of a translation's sources, against the reference; None:
            it has none.
        n: how many samples of each kind were compared.
    """

    value: float
    standard_error: float | None
    floor: float | None
    ceiling: float | None
    n: int


class Evaluator:
    """Scores generated samples against a data set.

    Args:
        data: `gan_tf.data.examples.Examples`.
        key: a string that changes whenever the data would.
        features: the spec of a feature extractor, such as "mnist_classifier".
        metrics: specs of metrics, such as "fid(5000)"; (): all that the features allow.
        options: optional arguments of extractors and metrics by name, such as `num_images`.
        cache_dir: where statistics of the real samples are kept; None: not kept.
        source: the data set, for metrics that need what it knows; None: nothing is known.
        knows: what the generators that are scored have: some of "density", "styles".
        labeled: whether the samples that are scored have labels, as those of conditional runs.

    Attributes:
        modality: of the samples.
        baseline: what the ceiling is the score of.
        paired: whether sample k is compared with real sample k.
        translates: whether the samples are what a translation makes of the data.
        fields: the fields of `Sample` that metrics can need.
        metrics: {name: `Metric`}, in the order given.
        counts: {name: int}: how many samples of each kind a metric compares: as many as it
            asks for, but at most half of the data set, so that floor and score use equally many.
        num_images: the largest of the counts.

    Raises:
        UserError: when a metric needs classes and the features have none, or labels and there are
            none, when the data set is too small, or for an unknown spec.
    """

    compared = "halves of the data set"
    baseline = "noise"
    paired = False
    translates = False
    fields = ("samples", "features", "probabilities", "labels", "held_out_nll", "path_distances")

    def __init__(
        self,
        data,
        key,
        features,
        metrics=(),
        options=None,
        cache_dir=None,
        source=None,
        knows=(),
        labeled=False,
    ):
        self.data = data
        self._labeled = labeled and data.classes is not None
        self._source = source
        self.modality = modalities.of(data)
        self._knows = {*source.knows, *knows} if source else set()
        own = {"image_shape": data.samples.shape[1:], "modality": self.modality, "source": source}
        options = own | (options or {})
        self.extractor = FEATURES.build(features, options)
        self.metrics = self._build(metrics, options)
        most = self._available()
        for name, metric in self.metrics.items():
            if most < metric.minimum:
                raise UserError(
                    f"The metric '{name}' compares {self.compared}, which need {metric.minimum} "
                    f"examples or more each, but there are {len(data)}: leave it out."
                )
        self.counts = {name: min(each.num_images, most) for name, each in self.metrics.items()}
        self.num_images = max(self.counts.values())
        self._keeps_samples = any("samples" in each.needs for each in self.metrics.values())
        self._order = np.random.default_rng(0).permutation(len(data))
        digest = hashlib.sha256(
            f"{__version__} {_FORMAT} {key} {self.extractor.digest}".encode()
        ).hexdigest()[:16]
        self._known_bounds = {}
        self._cache = cache_dir and pathlib.Path(cache_dir) / f"statistics-{digest}"

    def _available(self):
        """How many samples of each kind there are to compare."""
        return len(self.data) // 2

    def check_count(self, count, origin):
        """Raises a `UserError` that names the metrics for which `count` samples are too few."""
        many = {name: each.minimum for name, each in self.metrics.items() if count < each.minimum}
        if many:
            needed = ", ".join(f"{name} needs {minimum}" for name, minimum in many.items())
            raise UserError(
                f"{origin} has {count:,} {self.modality.plural}, too few for some metrics ({needed}): "
                "give more, or choose other metrics with --metric."
            )

    def sample(self, batches, generator=None):
        """Returns the `Sample` of the first `num_images` of a stream; see `collect`.

        Args:
            batches: the stream.
            generator: the `GeneratorMeasures` of what made it; None: no metric needs them.
        """
        found = collect(batches, self.num_images, self.extractor, self._keeps_samples)
        needing = {field: name for name, each in self.metrics.items() for field in each.needs}
        own = {}
        if "held_out_nll" in needing:
            own["held_out_nll"] = generator.held_out_nll(self._held_out)
        if "path_distances" in needing:
            count = self.counts[needing["path_distances"]]
            own["path_distances"] = generator.path_distances(self.extractor, count)
        return dataclasses.replace(found, **own)

    @functools.cached_property
    def _held_out(self):
        """The held-out samples, stored."""
        examples = load_held_out(self._source)
        if examples is None:
            raise UserError(
                f"The metric 'nll_test' needs samples that are held out, and '{self._source.name}' has "
                "none: leave it out."
            )
        return examples.samples

    def given(self, samples, labels=None):
        """Yields the samples to compare of given ones, whatever their order, for `sample`.

        Args:
            samples: stored samples (n, *shape), an array or a `DiskArray`.
            labels: int (n,), indices of the data set's classes; None: without labels.

        Yields:
            (stored samples (b, *shape), labels (b,) or None): the `num_images` of lowest rank.
        """
        rows = ranks.sorted_rows(samples, labels)[: self.num_images]
        return batches_of(samples, labels, rows)

    def score(self, fakes):
        """Applies the metrics to a `Sample`, one after the other.

        Yields:
            (name, `Result`).
        """
        labeled = fakes.labels is not None and self._reference.labels is not None
        for name in self.metrics:
            n = min(self.counts[name], len(fakes))
            score = self._compared(name, n, fakes, labeled)
            bounds = self._bounds(name, n, labeled) if self.metrics[name].bounded else (None, None)
            yield name, Result(score.value, score.standard_error, *bounds, n)

    def _compared(self, name, n, sample, labeled):
        """The `Score` of a sample's first n; without their labels unless they are `labeled`."""
        metric, real, fake = self.metrics[name], self._reference[:n], sample[:n]
        if not labeled:
            real, fake = (dataclasses.replace(each, labels=None) for each in (real, fake))
        if "samples" not in metric.needs:  # not to be sorted in vain
            fake = dataclasses.replace(fake, samples=None)
        return metric(real, fake if metric.paired else by_rank(fake))

    def _build(self, specs, options):
        if not specs:
            specs = [
                name
                for name, entry in METRICS.entries.items()
                if entry.attributes["by_default"]
                and (self.extractor.classifies or "probabilities" not in entry.attributes["needs"])
                and set(entry.attributes["needs"]) <= self._fields()
                and (self.paired or not entry.attributes["paired"])
                and self.modality.name in (entry.attributes["modalities"] or (self.modality.name,))
                and self._has_channels(entry.attributes["channels"])
                and set(entry.attributes["knows"]) <= self._knows
            ]
        built = {}
        for spec in specs:
            name = METRICS.entry(spec).name
            with _named(name):
                built[name] = METRICS.build(spec, options)
        if len(built) < len(specs):
            raise UserError(f"A metric is given twice in {', '.join(specs)}: give each once.")
        for name, metric in built.items():
            if metric.paired and not self.paired:
                raise UserError(
                    f"The metric '{name}' compares outputs with their targets, and there are none: leave "
                    "it out, or train with --gan=pix2pix."
                )
            if metric.without and not set(metric.needs) <= self._fields():
                raise UserError(f"The metric '{name}' {metric.without}: leave it out.")
            if "labels" in metric.needs and not self._labeled:
                raise UserError(
                    f"The metric '{name}' compares the classes that a conditional run is given, and there "
                    "are none: leave it out, or train with --gan=zi2zi or --conditional."
                )
            if not self._has_channels(metric.channels):
                raise UserError(
                    f"The metric '{name}' compares images of {metric.channels[0]} channels, and these have "
                    f"{self.data.samples.shape[-1]}: leave it out."
                )
            if not set(metric.knows) <= self._knows:
                raise unknown_distribution(name)
            if "probabilities" in metric.needs and not self.extractor.classifies:
                raise no_classifier(name, self.extractor.name)
        return built

    def _fields(self):
        """The `fields`, without labels where these mean nothing."""
        return {*self.fields} - ({"labels"} if not self._labeled else set())

    def _has_channels(self, channels):
        """Whether the samples have one of these numbers of channels; None: any."""
        return not channels or self.data.samples.shape[-1] in channels

    @functools.cached_property
    def _reference(self):
        return self._real("reference", self._order[0::2])

    @functools.cached_property
    def _others(self):
        rows, data = self._order[1::2], self.data
        lowest = ranks.sorted_rows(data.samples, data.classes, rows[:_RANKED])
        return self._real("others", np.concatenate([lowest, rows[_RANKED:]]))

    @functools.cached_property
    def _noise(self):
        shape = self.data.samples.shape[1:]
        return self._known("noise", lambda: noise(self.modality, self.num_images, shape))

    def _real(self, name, order):
        rows, data = order[: self.num_images], self.data
        return self._known(name, lambda: batches_of(data.samples, data.classes, rows))

    def _known(self, name, batches):
        """The `Sample` of a constant stream: read from the cache, or computed once."""
        path = self._cache and self._cache / f"{name}-{self.num_images}.npz"
        try:
            arrays = read_npz(path, _MOST_BYTES)
            needed = {"features", "ranks"}
            if needed - set(arrays) or set(arrays) - needed - {"probabilities", "labels"}:
                raise ValueError("unexpected arrays")
            if {len(each) for each in arrays.values()} != {self.num_images}:
                raise ValueError("unexpected lengths")
        except Exception:  # missing, or damaged, which raises many kinds of errors
            found = vars(collect(batches(), self.num_images, self.extractor, False))
            arrays = {field: array for field, array in found.items() if array is not None}
            if path:
                archive = io.BytesIO()
                np.savez(archive, **arrays)
                _keep(path, archive.getvalue())
        if self._keeps_samples:
            gather(arrays, ({"samples": images} for images, _ in batches()), self.num_images)
        return Sample(**{"samples": None} | arrays)

    def _bounds(self, name, n, labeled):
        """The floor and the ceiling of a metric at n samples, from the cache if it has them.

        They are compared as fakes are; noise has the labels of the other real samples.
        """
        path = self._cache and self._cache / "bounds.json"
        try:
            known = {
                key: [None if low is None else float(low), float(high)]
                for key, (low, high) in read_json(path, finite=False).items()
            }
        except (OSError, ValueError, TypeError, AttributeError):
            known = self._known_bounds
        arguments = vars(self.metrics[name]).items()
        public = {key: value for key, value in arguments if key[0] != "_"}
        key = f"{name} {public} {n}{' labeled' if labeled else ''}"
        if key not in known:
            high = self._ceiling(name, n, labeled)
            known[key] = [self._floor(name, n, labeled), high]
            if path:
                _keep(path, json.dumps(known, indent=1).encode())
        return known[key]

    def _floor(self, name, n, labeled):
        others = self._bounded(name, self._others, False)
        return self._compared(name, n, others, labeled).value

    def _bounded(self, name, sample, uniform):
        """A `Sample` with the likelihoods of held-out samples if all tokens were uniform, or the best.

        Unchanged where the metric does not need them.
        """
        if "held_out_nll" not in self.metrics[name].needs:
            return sample
        rows = self._held_out
        found = np.full(len(rows), np.log(len(self.modality.vocabulary)) if uniform else 0.0)
        if not uniform and "likelihood" in self._knows:
            found = np.asarray(self._source.nll(rows))
        return dataclasses.replace(sample, held_out_nll=found)

    def _ceiling(self, name, n, labeled):
        noise_samples = self._noise
        if noise_samples.labels is None:
            noise_samples = dataclasses.replace(noise_samples, labels=self._others.labels)
        noise_samples = self._bounded(name, noise_samples, True)
        return self._compared(name, n, noise_samples, labeled).value


@contextlib.contextmanager
def _named(metric):
    """Begins the messages of a metric's errors with its name."""
    try:
        yield
    except UserError as error:
        raise UserError(f"The metric '{metric}': {error}") from error


def _keep(path, content):
    """Writes a file of the cache, if that is possible; without it, the next run computes it again."""
    with contextlib.suppress(OSError, UserError):
        write(path, content)
