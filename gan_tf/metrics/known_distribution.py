"""What a data set knows exactly of any sequence: its likelihood, whether it is possible."""

import numpy as np

from gan_tf.metrics.metric import Score
from gan_tf.metrics.tokens import TokenMetric, js_divergence, standard_error
from gan_tf.registry import METRICS


@METRICS.register("nll_oracle")
class OracleLikelihood(TokenMetric):
    """Negative log-likelihood per token under the oracle that made the data (Yu et al., 2017).

    Low values alone are no merit: one good sequence repeated has them too.

    Source: https://arxiv.org/abs/1609.05473, section 5.1.
    """

    knows = ("likelihood",)
    higher_is_better = False

    def score(self, real, fake):
        del real
        values = self._source.nll(np.asarray(fake.samples))
        return Score(float(values.mean()), standard_error(values))


@METRICS.register("grammatical")
class Grammatical(TokenMetric):
    """The share of sequences that the distribution of the data can make at all."""

    knows = ("grammar",)
    higher_is_better = True

    def score(self, real, fake):
        del real
        values = self._source.accepts(np.asarray(fake.samples))
        return Score(float(values.mean()), standard_error(values))


@METRICS.register("motif_recall")
class MotifRecall(TokenMetric):
    """The share of sequences with a whole motif: of their class, if they have one."""

    knows = ("motifs",)
    higher_is_better = True

    def score(self, real, fake):
        del real
        sites = self._source.sites(np.asarray(fake.samples))
        labels = [None] * len(sites) if fake.labels is None else fake.labels.tolist()
        values = [
            any(motif is not None and label in (None, motif) for _, motif in found)
            for found, label in zip(sites, labels)
        ]
        return Score(float(np.mean(values)), standard_error(values))


@METRICS.register("motif_precision")
class MotifPrecision(TokenMetric):
    """The share of what could be a motif that is one: broken and fused ones are not."""

    knows = ("motifs",)
    higher_is_better = True

    def score(self, real, fake):
        del real
        sites = self._source.sites(np.asarray(fake.samples))
        whole = [motif is not None for found in sites for _, motif in found]
        return Score(float(np.mean(whole)) if whole else 0.0)


@METRICS.register("motif_position")
class MotifPosition(TokenMetric):
    """Jensen-Shannon divergence, in bits, between the positions of motifs, by motif; 0 is best."""

    knows = ("motifs",)
    higher_is_better = False

    def score(self, real, fake):
        return Score(js_divergence(*(self._positions(each) for each in (real, fake))))

    def _positions(self, sample):
        counts = {}
        for found in self._source.sites(np.asarray(sample.samples)):
            for start, motif in found:
                if motif is not None:
                    counts[motif, start] = counts.get((motif, start), 0) + 1
        return counts


@METRICS.register("gc")
class GC(TokenMetric):
    """The share of G and C in DNA or RNA."""

    knows = ("nucleotides",)
    higher_is_better = False
    best_is_data = True

    def score(self, real, fake):
        del real
        letters = self._modality.vocabulary
        strong = {index for index, letter in enumerate(letters) if letter in ("G", "C")}
        shares = [
            sum(token in strong for token in each) / max(1, len(each))
            for each in self.sequences(fake)
        ]
        return Score(float(np.mean(shares)), standard_error(shares))
