"""The table of evidence: its changes are flags that go together, its numbers are what was run."""

import dataclasses
import itertools
import json

import pytest

from experiments import evidence, rows
from gan_tf.options import flags
from gan_tf.options.config import Config

FIELDS = {field.name: field for field in dataclasses.fields(Config)}
CHANGES = list(itertools.chain.from_iterable(evidence.CHANGES.values()))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_made_of_flags_that_go_together(change, tmp_path):
    config = evidence._config(change, 7, tmp_path)
    assert config.seed == 7 and config.epochs == (3 if "--epochs=3" in change else 1)
    plain = evidence._config("(nothing)", 7, tmp_path)
    differences = {name for name, *_ in config.conflicts(plain)}
    named = {each[2:].split("=")[0] for each in change.split()} if "--" in change else set()
    named = {name for name in named if not FIELDS[name].metadata["free"]}
    if "arch" in named:  # whose defaults differ too
        assert named - differences <= {"width"}
    else:
        assert differences == named


def test_each_entry_of_the_registries_is_in_the_table():
    from gan_tf.registry import LOSSES, PENALTIES, PRIORS, TRICKS

    text = " ".join(CHANGES)
    for kind, registry in (("loss", LOSSES), ("penalty", PENALTIES), ("trick", TRICKS)):
        for name, entry in registry.entries.items():
            if "image" not in (entry.attributes.get("modalities") or ("image",)):
                continue
            # the baseline, acgan's, and that of content losses alone
            by_itself = {"non_saturating", "auxiliary_classifier", "none"}
            assert name in by_itself or f"--{kind}={name}" in text
    assert all(f"--prior={name}" in text for name in PRIORS.names() if name != "normal")


def test_the_table_of_the_readme_is_that_of_the_runs():
    runs = rows.read(evidence._FILE)
    text = evidence._FILE.with_name("README.md").read_text()
    assert "\n".join(evidence.table(runs)) in text
    for group in ("Baseline", "Losses", "Penalties and constraints", "Tricks", "Labels"):
        for change in evidence.CHANGES[group]:
            seeds = {row["seed"] for row in runs if row["change"] == change}
            assert len(seeds) >= 3, change


def test_table_gives_mean_and_deviation():
    rows = [
        {"change": "--loss=hinge", "seed": seed, "seconds": 5}
        | dict.fromkeys(("recall", "coverage", "mode_count", "class_kl"), 0.5)
        | {"fid": fid}
        for seed, fid in enumerate((10.0, 14.0))
    ]
    lines = evidence.table(rows)
    assert "| `--loss=hinge` | 12 ± 2.8 | 0.5 ± 0 | 0.5 ± 0 | 0.5 ± 0 | 0.5 ± 0 | 2 |" in lines


def test_runs_that_are_there_are_not_run_again(tmp_path, monkeypatch, capsys):
    path, ran = tmp_path / "runs.jsonl", []
    scores = dict.fromkeys(("fid", "recall", "coverage", "mode_count", "class_kl"), 1.0)
    path.write_text(json.dumps({"change": "--prior=uniform", "seed": 0} | scores) + "\n")

    def run(change, seed, runs):
        ran.append((change, seed))
        return scores

    monkeypatch.setattr(evidence, "_run", run)
    assert evidence.main(["", f"--out={path}", "--seeds=2", "--groups=priors"]) == 0
    uniform = [each for each in ran if each[0] == "--prior=uniform"]
    assert uniform == [("--prior=uniform", 1)] and len(ran) == 7
    assert len(rows.read(path)) == 8
    assert "`--prior=uniform` | 1 ± 0" in capsys.readouterr().out


@pytest.mark.slow
def test_a_run_is_trained_and_scored(real_data, tmp_path, monkeypatch):
    monkeypatch.setattr(
        evidence, "BASELINE", "--dataset=mnist --arch=mlp --width=4 --batch_size=1024 --epochs=1"
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(
        evidence, "_METRICS", tuple(each.replace("5000", "500") for each in evidence._METRICS)
    )
    config = evidence._config("(nothing)", 0, tmp_path)
    assert config.metric[0] == "fid(500)"
    command = flags.parse(evidence.Options, ["", f"--out={tmp_path}/runs.jsonl"], "")[0]
    assert command.seeds == 3
    row = evidence._run("--loss=hinge", 0, tmp_path)
    assert 100 < row["fid"] < 1000 and row["seconds"] > 0
