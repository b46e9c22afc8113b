"""The experiment with SeqGAN's synthetic task."""

import json

import numpy as np
import pytest

from experiments.sequences import __main__ as sequences
from experiments.sequences import scoring, tables
from gan_tf.data.oracle import LENGTH, Oracle, OracleSequences
from gan_tf.options import flags

TINY = (
    *("--seeds=1", "--width=2", "--scratch_width=4", "--batch_size=4", "--updates=1", "--every=1"),
    *("--mle_steps=2", "--discriminator_steps=1", "--adversarial_steps=1", "--scratch_steps=1"),
    "--samples=30",
)


def row(model, seed, step, nll, **others):
    return {"model": model, "seed": seed, "step": step, "nll_oracle": nll} | {
        "nll_test": 7.0,
        "distinct": 1.0,
        **others,
    }


def test_table_has_the_last_and_the_best_of_each_run_beside_the_paper():
    found = [
        {"model": "reference", "what": "oracle", "nll_oracle": 5.759},
        row("mle", 0, 5, 9.2, sweep={"0.8": {"nll_oracle": 8.0, "nll_test": 9.0}}),
        row("seqgan", 0, 1, 8.5, nll_test=6.0),
        row("seqgan", 0, 2, 8.75),
        row("seqgan", 1, 2, 8.65),
    ]
    lines = tables.oracle(found)
    assert lines[2] == "| oracle | 5.759 | | | | | | |"
    assert lines[3] == "| mle | 9.200 | 7.000 | 1.000 | 9.200 | 7.000 | 9.038 | 1 |"
    assert lines[4] == (
        "| seqgan | 8.700 ± 0.071 | 7.000 ± 0.000 | 1.000 ± 0.000 | 8.575 ± 0.106 | 6.500 ± 0.707 "
        "| 8.736 | 2 |"
    )
    assert lines[-1] == "| 0.8 | 8.000 | 9.000 |"


@pytest.mark.parametrize("model", ["mle", *sequences.REWARDS, "scratchgan"])
def test_runs_are_those_of_the_papers(model, tmp_path):
    options, _ = flags.parse(sequences.Options, ["", f"--runs={tmp_path}"], "")
    config = sequences.config_of(options, model, 1)
    assert (config.seed, config.batch_size, config.dataset) == (1, 64, "oracle")
    assert config.reward == sequences.REWARDS.get(model, {"mle": "none"}.get(model, "per_token"))
    if model != "scratchgan":
        assert config.arch == "lstm(width=32)" and config.discriminator_steps == 50
        assert config.generator_optimizer == "adam(0.01, beta_1=0.9, epsilon=1e-8)"
        assert config.trick == ("gradient_clipping(5)",)
    if model in sequences.REWARDS:
        assert config.init_from == str(tmp_path / "mle-1")
        assert config.steps == 250


@pytest.mark.slow
def test_references_are_likelihoods_under_the_oracle():
    oracle = Oracle.random()
    found = {row["what"]: row["nll_oracle"] for row in scoring.references(oracle, 50, 2)}
    drawn = oracle.draw(50, seed=2)
    assert found["oracle"] == pytest.approx(np.mean(oracle.nll(drawn)), abs=1e-4)
    assert found["oracle"] < found["untrained generator"]
    assert found["uniform tokens"] == pytest.approx(found["untrained generator"], rel=0.1)


@pytest.mark.slow
def test_every_model_is_trained_and_scored_and_not_again(tmp_path, capsys, monkeypatch):
    """On few sequences, and scored by few, which take seconds to draw; these have a cache of their own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(OracleSequences, "num_examples", 200)
    monkeypatch.setattr(scoring, "_TESTED", 50)
    monkeypatch.setattr(sequences, "TEMPERATURES", (0.8, 1.0))
    monkeypatch.setitem(sequences.REWARDS, "seqgan", "rollout(1, lag=0.0)")
    path = tmp_path / "results.jsonl"
    arguments = [f"--out={path}", f"--runs={tmp_path}/runs", *TINY]
    models = ["--models", "mle", "seqgan", "scratchgan"]
    assert sequences.main(["", *arguments, *models]) == 0
    found = [json.loads(line) for line in path.read_text().splitlines()]
    steps = [(row["model"], row["step"]) for row in found if "step" in row]
    assert steps == [
        *(("mle", 1), ("mle", 2), ("seqgan", 1), ("seqgan", 2), ("scratchgan", 1)),
    ]
    by_step = {(row["model"], row["step"]): row for row in found if "step" in row}
    # The generator that the discriminator was trained on is that of maximum likelihood.
    assert by_step["seqgan", 1]["nll_test"] == pytest.approx(
        by_step["mle", 2]["nll_test"], abs=1e-3
    )
    assert by_step["seqgan", 2]["nll_test"] != by_step["seqgan", 1]["nll_test"]
    swept = by_step["mle", 2]["sweep"]
    assert swept["1.0"]["nll_test"] == by_step["mle", 2]["nll_test"]
    assert set(swept) == {str(each) for each in sequences.TEMPERATURES}
    assert len(scoring.oracle_of(None).draw(1, 0)[0]) == LENGTH
    assert "| seqgan | " in capsys.readouterr().out
    assert sequences.main(["", *arguments, *models]) == 0  # nothing is left to do
    assert len(path.read_text().splitlines()) == len(found)
