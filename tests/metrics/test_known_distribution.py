"""Metrics of what a data set knows exactly."""

import numpy as np
import pytest

from gan_tf.data import pipeline
from gan_tf.data.motifs import Motifs
from gan_tf.data.oracle import OracleSequences
from gan_tf.data.sentences import Sentences
from gan_tf.errors import UserError
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.metrics.metric import Sample
from gan_tf.modalities import of
from gan_tf.registry import METRICS


def sample(rows, labels=None):
    return Sample(np.asarray(rows), np.zeros((len(rows), 1)), labels=labels)


def build(name, source):
    return METRICS.build(name, {"source": source, "modality": of(source)})


def test_nll_oracle_is_the_mean_of_the_oracle():
    source = OracleSequences()
    rows = source.oracle.draw(4, 7)
    score = build("nll_oracle", source)(sample(rows), sample(rows))
    values = source.oracle.nll(rows)
    assert score.value == pytest.approx(values.mean())
    assert score.standard_error == pytest.approx(values.std() / 2)


def test_grammatical_is_the_share_of_sentences():
    source = Sentences()
    rows = source.grammar.draw(4, np.random.default_rng(0))
    rows[0] = rows[0, ::-1]
    score = build("grammatical", source)(sample(rows), sample(rows))
    assert score.value == 0.75


def test_motifs():
    source = Motifs()
    texts = ("TATAAAA", "AATAAA", "TATA", "CCAATAAACTATATAT")
    rows = [["ACGT".index(letter) for letter in text.ljust(40, "G")] for text in texts]

    def value(name, labels=None):
        return build(name, source)(sample(rows), sample(rows, labels)).value

    assert value("motif_recall") == 0.75
    assert value("motif_recall", np.array([0, 0, 0, 1])) == 0.5
    assert value("motif_precision") == 0.8
    assert value("grammatical") == 0.5
    assert value("motif_position") == 0
    assert value("gc") == pytest.approx((33 + 34 + 36 + 27) / 160)
    other = sample([["ACGT".index(letter) for letter in "GTATAAAA".ljust(40, "G")]] * 2)
    assert build("motif_position", source)(sample(rows), other).value == 1
    none = sample(np.ones((2, 40), int))
    for name, expected in (("motif_recall", 0), ("motif_precision", 0), ("motif_position", 1)):
        assert build(name, source)(sample(rows), none).value == expected


@pytest.mark.slow
def test_evaluator_gives_them_the_source_and_knows_floor_and_ceiling():
    source = Motifs()
    data = pipeline.load(source)
    options = {"num_images": 200}
    evaluator = Evaluator(data, "k", "ngrams", (), options, source=source)
    assert {"grammatical", "motif_recall", "gc", "kmer_js_3", "bleu_2"} <= evaluator.metrics.keys()
    assert "nll_oracle" not in evaluator.metrics
    wanted = ("grammatical", "motif_recall", "motif_precision", "gc", "nearest_sequence")
    evaluator = Evaluator(data, "k", "ngrams", wanted, options, source=source)
    fakes = evaluator.sample([(next(source.held_out())["tokens"], None)])
    found = dict(evaluator.score(fakes))
    for name in wanted[:3]:
        assert (found[name].value, found[name].floor) == (1, 1) and found[name].ceiling < 0.05
    assert found["gc"].ceiling == pytest.approx(0.5, abs=0.02) and found["gc"].floor > 0.8
    assert found["nearest_sequence"].floor < 0.5 < found["nearest_sequence"].ceiling + 0.1
    with pytest.raises(UserError, match=r"'nll_oracle' needs .*--dataset=oracle"):
        Evaluator(data, "k", "ngrams", ("nll_oracle",), options, source=source)
