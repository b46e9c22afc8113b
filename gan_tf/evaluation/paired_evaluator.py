"""Scores of translations against the targets of pairs."""

import functools

from gan_tf.evaluation.collection import BATCH
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.gans.example_sampling import beside
from gan_tf.registry import METRICS


class PairedEvaluator(Evaluator):
    """Scores the outputs of a translation for some pairs, by default held-out ones.

    Outputs are compared with the pairs' own targets, the k-th with the k-th. Metrics that compare
    sets have the score of other targets, from `data`, beside them; all have that of the sources
    themselves, in the size and with the channels of targets.

    Args:
        data: `Examples`, the training data.
        held_out: a function of a number n: the first n held-out pairs, `Examples`, or None if there are
            none, so that the training data are scored. Called once.
        *arguments, **options: the others of `Evaluator`.

    Attributes:
        pairs: `Examples`, the pairs whose sources are translated: as many as metrics ask for.
    """

    baseline = "sources"
    paired = True
    translates = True

    def __init__(self, data, held_out, *arguments, **options):
        self._held_out = held_out
        super().__init__(data, *arguments, **options)

    @functools.cached_property
    def pairs(self):
        most = max(each.num_images for each in self.metrics.values())
        return self._held_out(most) or self.data

    def _available(self):
        return min(len(self.pairs), len(self.data))

    @functools.cached_property
    def _reference(self):
        return self._known("targets", self._of_pairs(lambda rows: self.pairs.samples[rows]))

    @functools.cached_property
    def _others(self):
        return self._real("others", self._order)

    @functools.cached_property
    def _noise(self):
        modality = self.modality

        def shown(rows):
            sources = modality.to_network(self.pairs.sources[rows])
            return modality.to_stored(beside(sources, self.pairs.samples[rows]))

        return self._known("sources", self._of_pairs(shown))

    def _of_pairs(self, samples, of=None):
        """A function to the stream of `samples` of rows, with labels of `of`, by default the pairs."""
        labels = (of or self.pairs).classes

        def batches():
            for start in range(0, self.num_images, BATCH):
                rows = slice(start, min(start + BATCH, self.num_images))
                yield samples(rows), None if labels is None else labels[rows]

        return batches

    def _floor(self, name, n, labeled):
        if METRICS.entry(name).attributes["paired"]:
            return None  # other images are not the targets of these
        return super()._floor(name, n, labeled)
