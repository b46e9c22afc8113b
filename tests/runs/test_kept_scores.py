"""Scores that are kept in the directory of a run."""

import json

import pytest

from gan_tf.errors import UserError
from gan_tf.runs import kept_scores
from tests.conftest import bare_run


@pytest.fixture
def run(tmp_path):
    return bare_run(tmp_path / "run")


def entry(step=10, features="pixels 0123", value=2.0, metric="fid", **more):
    scored = {"value": value, "floor": 0.5, "ceiling": 400.0, "n": 1000}
    return {"step": step, "features": features, "metrics": {metric: scored}} | more


def test_what_is_kept_is_read_again(run):
    assert kept_scores.read(run) == []
    entries = [entry(), entry(20), entry(features="random_conv 4"), entry(truncation=0.5)]
    assert all(kept_scores.keep(run, each) for each in entries)
    assert kept_scores.read(run) == entries


def test_how_samples_were_drawn():
    assert kept_scores.sampling(entry()) == []
    found = kept_scores.sampling(entry(reject="drs", truncation=0.5))
    assert found == ["truncation=0.5", "reject=drs"]


def test_newer_scores_of_a_checkpoint_join_and_replace_the_older_ones(run):
    for each in (entry(), entry(metric="recall"), entry(value=3.0)):
        kept_scores.keep(run, each)
    (found,) = kept_scores.read(run)
    assert found["metrics"].keys() == {"fid", "recall"}
    assert found["metrics"]["fid"]["value"] == 3.0


def test_a_run_that_resumes_from_an_earlier_step_drops_the_later_ones(run):
    for step in (10, 20, 30):
        kept_scores.keep(run, entry(step))
    kept_scores.drop_after(run, 20)
    assert [each["step"] for each in kept_scores.read(run)] == [10, 20]


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[1]", '[{"step": "x", "features": "y", "metrics": {}}]', "[[]]", '[{"step": 1}]'],
)
def test_damaged_ones_are_none(run, content):
    run.scores.write_text(content)
    assert kept_scores.read(run) == []


def test_what_is_not_expected_is_left_out(run):
    odd = entry(note="<script>")
    odd["metrics"] |= {"<b>": {"value": 1.0}, "kid": {"value": "high"}}
    odd["metrics"]["fid"]["n"] = "many"
    run.scores.write_text(json.dumps([odd]))
    scored = {"value": 2.0, "floor": 0.5, "ceiling": 400.0}
    assert kept_scores.read(run) == [
        {"step": 10, "features": "pixels 0123", "metrics": {"fid": scored}}
    ]


def test_a_run_that_cannot_be_written_is_no_error(run, monkeypatch):
    def refuse(path, content):
        raise UserError("read-only")

    monkeypatch.setattr(kept_scores, "write", refuse)
    assert kept_scores.keep(run, entry()) is False
