"""The likelihood of held-out data: of a run, beside a hand-computed value, with floor and ceiling."""

import math
import types

import numpy as np
import pytest

from gan_tf.data import pipeline
from gan_tf.data.sentences import Sentences
from gan_tf.errors import UserError
from gan_tf.evaluation.evaluator import Evaluator
from gan_tf.metrics.metric import Sample
from gan_tf.options.compatibility import check_features
from gan_tf.options.config import Config
from gan_tf.registry import METRICS


class Knowing(Sentences):
    """Sentences, with their exact likelihood per token."""

    knows = (*Sentences.knows, "likelihood")

    def nll(self, rows):
        return -self.grammar.log_probability(rows) / rows.shape[1]


def evaluator(source, **options):
    arguments = (pipeline.load(source), "k", "ngrams", ("nll_test",), {"num_images": 50})
    return Evaluator(*arguments, source=source, **options)


def test_it_is_the_mean_over_held_out_samples():
    values = np.array([1.0, 2.0, 6.0])
    made = Sample(None, np.zeros((5, 1), np.float32), held_out_nll=values)
    score = METRICS.build("nll_test")(made, made)
    assert score.value == 3
    assert score.standard_error == pytest.approx(values.std() / math.sqrt(3))


@pytest.mark.parametrize("source", [Sentences(), Knowing()])
def test_floor_is_the_true_distribution_if_it_is_known_and_ceiling_is_uniform(source):
    seen = []

    def nll(rows):
        seen.append(rows)
        return np.full(len(rows), 1.5)

    scored = evaluator(source, knows=("density",))
    fakes = scored.sample(
        [(next(source.held_out())["tokens"][:50], None)], types.SimpleNamespace(held_out_nll=nll)
    )
    ((name, found),) = scored.score(fakes)
    assert (name, found.value) == ("nll_test", 1.5)
    held_out = next(source.held_out())["tokens"]
    np.testing.assert_array_equal(seen[0], held_out)
    assert found.ceiling == pytest.approx(math.log(64))
    floor = np.mean(source.nll(held_out)) if "likelihood" in source.knows else 0
    assert found.floor == pytest.approx(floor)


def test_a_generator_without_a_likelihood_is_refused():
    with pytest.raises(UserError, match="--gan=seqgan, or leave it out"):
        evaluator(Sentences())
    config = Config(dataset="sentences", arch="gumbel_lstm")
    with pytest.raises(UserError, match="--gan=seqgan, or leave it out"):
        check_features(config, ("nll_test",))
    check_features(Config(dataset="sentences", gan="seqgan"), ("nll_test",))
    plain = Evaluator(
        pipeline.load(Sentences()), "k", "ngrams", (), {"num_images": 50}, source=Sentences()
    )
    assert "nll_test" not in plain.metrics


def test_data_without_held_out_samples_are_refused(monkeypatch):
    monkeypatch.setattr(Sentences, "held_out", lambda self: [])
    scored = evaluator(Sentences(), knows=("density",))
    with pytest.raises(UserError, match="'sentences' has none: leave it out"):
        generator = types.SimpleNamespace(held_out_nll=len)
        scored.sample([(next(Sentences().batches())["tokens"][:50], None)], generator)
