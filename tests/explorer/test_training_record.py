"""What the page shows of a training: curves and health."""

import json

import pytest

from gan_tf.explorer import training_record
from gan_tf.runs import kept_scores
from gan_tf.runs.run_dir import RunDir


def test_damaged_records_are_as_good_as_missing(tmp_path):
    run = RunDir(tmp_path)
    run.health.write_text("{")
    run.metrics.write_text('{"step": 1, "generator_loss": NaN}\n{"step": 2, "fid": 3.5}\n{"st')
    assert training_record.health(run) is None
    assert training_record.charts(run) == [
        {"title": "fid", "lines": [{"name": "fid", "points": [[2, 3.5]]}]}
    ]


def test_long_curves_are_thinned_and_keep_their_end(tmp_path):
    run = RunDir(tmp_path)
    rows = [json.dumps({"step": step, "penalty": step / 7}) for step in range(1, 2000)]
    run.metrics.write_text("\n".join(rows))
    ((points,),) = [
        [line["points"] for line in chart["lines"]] for chart in training_record.charts(run)
    ]
    assert len(points) <= training_record.POINTS + 1 and points[0][0] == 1 and points[-1][0] == 1999


def test_values_of_each_direction_share_a_chart(tmp_path):
    run = RunDir(tmp_path)
    names = ("cycle_loss", "cycle_loss_b_to_a", "generator_loss_b_to_a", "fid_b_to_a")
    run.metrics.write_text(json.dumps({"step": 1} | dict.fromkeys(names, 1.0)) + "\n")
    found = {
        each["title"]: [line["name"] for line in each["lines"]]
        for each in training_record.charts(run)
    }
    assert found == {
        "Losses": ["cycle_loss"],
        "Losses: b_to_a": ["generator_loss_b_to_a", "cycle_loss_b_to_a"],
        "fid_b_to_a": ["fid_b_to_a"],
    }


def test_a_finding_that_lasts_is_bad(tmp_path):
    finding = {"name": "x", "since": 5, "found": 6, "evidence": "e", "advice": "a", "until": None}
    facts = {"verdict": "x since step 5 (e)", "step": 9, "findings": [finding]}
    run = RunDir(tmp_path)
    run.health.write_text(json.dumps(facts))
    assert training_record.health(run)["state"] == "unhealthy"
    facts["findings"][0]["until"] = 8
    run.health.write_text(json.dumps(facts))
    assert training_record.health(run)["state"] == "healthy"


@pytest.mark.parametrize(
    "verdict, state",
    [
        ("not judged: 10 steps are too few", "not judged"),
        ("healthy so far, but too early to assess the samples", "healthy so far"),
        ("healthy", "healthy"),
        ("healthy now; earlier: x from step 5 to 8 (e)", "healthy"),
    ],
)
def test_only_what_was_judged_is_called_healthy(tmp_path, verdict, state):
    run = RunDir(tmp_path)
    run.health.write_text(json.dumps({"verdict": verdict, "step": 9, "findings": []}))
    assert training_record.health(run)["state"] == state


def test_what_evaluate_computed_is_shown_newest_first(tmp_path):
    run = RunDir(tmp_path)
    scored = {"value": 2.0, "floor": 0.5, "ceiling": 400.0, "n": 1000}
    for step, more in ((10, {}), (2000, {"reject": "drs"})):
        entry = {"step": step, "features": "pixels 01", "metrics": {"fid": scored}} | more
        kept_scores.keep(run, entry)
    newest, oldest = training_record.scores(run)
    assert newest["title"] == "Step 2,000, reject=drs, pixels 01"
    assert oldest == {"title": "Step 10, pixels 01", "rows": [["fid", 2.0, 0.5, 400.0, "lower"]]}
