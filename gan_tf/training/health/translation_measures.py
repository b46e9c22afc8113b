"""Measures of a translation's outputs beside their sources and targets."""

import numpy as np

from gan_tf.data.degradations import luma
from gan_tf.gans.example_sampling import beside

_EPSILON = 1e-6


class TranslationMeasures:
    """Measures outputs as samples are, and beside the sources they were made of.

    Args:
        measures: the `SampleMeasures`.
        sources: float32 (n, h, w, C), as networks see them.
        targets: (n, H, W, D), likewise.
        to_network: the method of their modality.
        paired: whether each target is that of the source of the same index, default true.
    """

    def __init__(self, measures, sources, targets, to_network, paired=True):
        self._measures, self._to_network, self._paired = measures, to_network, paired
        self._sources, self._targets = np.asarray(beside(sources, targets)), targets
        self._change = max(_distance(targets, self._sources), _EPSILON)
        self._response = max(_distance(targets, np.roll(targets, 1, axis=0)), _EPSILON)

    def __call__(self, outputs):
        """Returns {name: float}: the values of `SampleMeasures`, and these:

        change: mean absolute difference of outputs and sources, that of targets being 1; 0: copies.
        response: mean absolute difference of two outputs, that of two targets being 1; 0: the same
            output for every source.
        luminance: mean correlation of the luma of outputs and targets, -1 to 1; of pairs only.

        Args:
            outputs: stored outputs (n, H, W, D).
        """
        made = self._to_network(outputs)
        found = self._measures(outputs) | {
            "change": _distance(made, self._sources) / self._change,
            "response": _distance(made, np.roll(made, 1, axis=0)) / self._response,
        }
        if self._paired:
            lumas = (np.asarray(luma(each)) for each in (made, self._targets))
            found["luminance"] = _correlation(*lumas)
        return found


def _distance(first, second):
    return float(np.mean(np.abs(first - second), dtype=np.float64))


def _correlation(first, second):
    """The mean over images of the correlation of their pixels."""
    rows = [each.reshape(len(each), -1).astype(np.float64) for each in (first, second)]
    rows = [each - each.mean(axis=1, keepdims=True) for each in rows]
    norms = [np.sqrt(np.sum(each**2, axis=1)) + _EPSILON for each in rows]
    return float(np.mean(np.sum(rows[0] * rows[1], axis=1) / (norms[0] * norms[1])))
