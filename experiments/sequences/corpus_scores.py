"""Scores of runs on corpora, beside those of held-out data and of shuffled ones."""

import pathlib

import numpy as np

from experiments.sequences import peptide_classifier, planted
from gan_tf import latents, modalities
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.metrics.metric import Sample
from gan_tf.metrics.tokens import js_divergence
from gan_tf.registry import METRICS
from gan_tf.runs.trained_run import TrainedRun

_GOOD = 0.8  # the score from which a peptide counts as antimicrobial


class Scorer:
    """Scores samples on the held-out sequences of a corpus.

    Args:
        corpus: a `recipes.Corpus`.
        config: the `Config` of a run on it.
        data: the folder of the given data.
        files: the folder of the files made of them.
        count: sequences of each kind.
    """

    def __init__(self, corpus, config, data, files, count):
        self._corpus, self.data, self.files = corpus, data, files
        self.source = datasets.build(config)
        self.examples = pipeline.load(self.source, 1 << 28)
        self.test = pipeline.load_held_out(self.source)
        self.count = count

    def of_run(self, run_dir):
        """Returns the scores of a run's last checkpoint, a dict."""
        trained = TrainedRun(run_dir)
        noise = latents.draw(0, range(self.count), trained.latent_dim)
        labels = trained.choose_labels(0, range(self.count))
        found = self._scores(trained.samples(noise, labels), labels)
        if "density" in trained.kind.cls.knows:
            found["nll_test"] = round(float(np.mean(trained.nll(self.test.samples))), 4)
        return found

    def references(self):
        """Yields ("real", scores) of the training data, and ("shuffled", scores) with shuffled tokens."""
        order = np.random.default_rng(0).permutation(len(self.examples))[: self.count]
        order = np.sort(order)
        rows, labels = np.asarray(self.examples.samples[order]), self.examples.labels
        labels = None if labels is None else np.asarray(labels)[order]
        yield "real", self._scores(rows, labels)
        yield "shuffled", self._scores(shuffled(rows, self._lengths(rows)), labels)

    def _lengths(self, rows):
        return modalities.of(self.source).lengths(rows)

    def _scores(self, rows, labels):
        real, fake = (
            Sample(np.asarray(each), np.zeros((len(each), 1))) for each in (self.test.samples, rows)
        )
        options = {"source": self.source, "modality": modalities.of(self.source)}
        found = {}
        for spec in self._corpus.metrics:
            name = spec.format(self.count)
            metric = METRICS.build(name, options)
            part = fake[: metric.num_images]
            reference = real[: metric.num_images] if "500" in spec else real
            key = name.removesuffix(f"({self.count})")
            found[key] = round(metric(reference, part).value, 4)
        if self._corpus.extra:
            texts = options["modality"].texts(rows)
            found |= _EXTRA[self._corpus.extra](texts, labels, self)
        return found


def shuffled(rows, lengths):
    """Returns sequences whose tokens before the end are in random order."""
    random, rows = np.random.default_rng(0), rows.copy()
    for row, length in zip(rows, lengths):
        random.shuffle(row[:length])
    return rows


def _planted_scores(texts, labels, scorer):
    """Log-likelihood per sequence, sites per sequence, and where they are, beside the planted ones."""
    del labels
    model = planted.Planted(planted.read(pathlib.Path(scorer.data) / "dna/jaspar_motifs.txt"))
    rows = np.array([[planted.LETTERS.index(letter) for letter in text] for text in texts])
    real = np.asarray(scorer.test.samples)  # the vocabulary is ACGT, without an end
    sites, known = model.sites(rows), model.sites(real)
    places = [dict(np.ndenumerate(each.sum(axis=0))) for each in (known, sites)]
    return {
        "log_likelihood": round(float(model.log_likelihood(rows).mean()), 3),
        "has_site": round(float(sites.any(axis=(1, 2)).mean()), 4),
        "sites": round(float(sites.sum(axis=(1, 2)).mean()), 4),
        "position_js": round(js_divergence(*places), 4),
    }


def _splice_scores(texts, labels, scorer):
    """The share of donors with GT at 31-32 and of acceptors with AG at 29-30, and of others with either."""
    names = scorer.source.label_names
    of = {name: [text for text, its in zip(texts, labels) if names[its] == name] for name in names}

    def share(name, letters, start):
        return round(float(np.mean([t[start : start + 2] == letters for t in of[name]])), 4)

    return {
        "donors_gt": share("ei", "GT", 30),
        "acceptors_ag": share("ie", "AG", 28),
        "others_gt": share("n", "GT", 30),
        "others_ag": share("n", "AG", 28),
    }


def _peptide_scores(texts, labels, scorer):
    """The mean score of the classifier of antimicrobial peptides, and the share above 0.8."""
    del labels
    found = peptide_classifier.load(scorer.files)(texts)
    return {
        "amp_score": round(float(found.mean()), 4),
        "amp_share": round(float((found > _GOOD).mean()), 4),
    }


_EXTRA = {
    "planted_scores": _planted_scores,
    "splice_scores": _splice_scores,
    "peptide_scores": _peptide_scores,
}
