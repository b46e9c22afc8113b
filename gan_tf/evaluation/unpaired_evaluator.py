"""Scores of translations between two domains, without pairs."""

import functools

from gan_tf.evaluation.paired_evaluator import PairedEvaluator


class UnpairedEvaluator(PairedEvaluator):
    """Scores what a translation makes of held-out images of one domain, as images of the other.

    Outputs are compared as a set with held-out images of the domain that they should be of. Beside
    each score stands that of images of this domain's training data, the floor, and that of the
    untranslated images, the ceiling. Labels of outputs are those of the untranslated images.

    Args:
        *arguments, **options: as for `PairedEvaluator`, of unpaired examples. `labeled` says whether
            labels mean the same classes in both domains, and for the features' classifier.
    """

    paired = False
    fields = (*PairedEvaluator.fields, "cycles")

    def _available(self):
        return min(map(len, (*self.pairs.domains, *self.data.domains)))

    @functools.cached_property
    def _noise(self):
        others = self.pairs.source_domain
        return self._known("sources", self._of_pairs(lambda rows: others.samples[rows], others))
