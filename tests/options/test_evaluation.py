"""The options of scores during a training."""

import dataclasses

from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.evaluation import EvaluationOptions
from tests.options.refused import refusal


def test_a_run_can_be_scored_otherwise_when_it_is_resumed():
    assert all(each.metadata["free"] for each in dataclasses.fields(EvaluationOptions))
    scored = Config(evaluate_every="1epoch", metric=("fid", "recall"), features="pixels")
    assert scored.conflicts(Config()) == []


def test_the_first_metric_stays_the_first():
    words = ["", "--evaluate_every=2epochs", "--metric=recall", "--metric=fid(20)"]
    assert flags.parse(Config, words, "")[0].metric == ("recall", "fid(20)")


def test_a_run_ends_after_one_score_or_more():
    wrong = refusal(evaluate_every="1epoch", stop_when_no_better=0)
    assert "--stop_when_no_better=0 is out of range: it must be 1 or more." in wrong
