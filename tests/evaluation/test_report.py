"""Scores as text and JSON."""

import json

import pytest

from gan_tf.evaluation.evaluator import Result
from gan_tf.evaluation.report import Report, direction, table


def report(name="runs/a", step=1500):
    results = {
        "fid": Result(3.14159, None, 0.5, 400.0, 10_000),
        "recall": Result(0.75, None, 0.9, 0.0, 5000),
        "kid": Result(0.002, 0.0001, -1e-5, 2.0, 10_000),
    }
    return Report(name, step, "pixels 0123456789ab", results)


def test_a_table_of_one_run():
    lines = table([report()]).splitlines()
    words = ["runs/a", "@1,500", "real", "images", "noise", "better", "samples"]
    assert lines[0].split() == words
    assert lines[1].split() == ["fid", "3.142", "0.5", "400", "lower", "10,000"]
    assert lines[2].split() == ["recall", "0.75", "0.9", "0", "higher", "5,000"]
    assert lines[3].split() == ["kid", "0.002", "±", "0.0001", "-1e-05", "2", "lower", "10,000"]
    assert len({len(line) for line in lines[:4]}) == 1  # aligned


def test_a_table_of_two_runs_has_a_column_each():
    lines = table([report(), report("runs/b", 20)]).splitlines()
    assert lines[0].split() == [
        "runs/a",
        "@1,500",
        "runs/b",
        "@20",
        "real",
        "images",
        "noise",
        "better",
        "samples",
    ]
    assert lines[1].split() == ["fid", "3.142", "3.142", "0.5", "400", "lower", "10,000"]
    assert "pixels 0123456789ab" in lines[-2]


def test_a_metric_whose_best_value_is_that_of_the_data_is_marked():
    result = Result(0.4, None, 0.5, 0.0, 1000)
    scored = Report("runs/a", 1, "pixels 0123", {"ms_ssim": result, "fid": result})
    *lines, note = table([scored]).splitlines()
    assert lines[1].split()[-3:] == ["as", "real", "1,000"] and "lower" in lines[2]
    assert note == "as real: best is the value of the real images, neither higher nor lower."
    assert "as real" not in table([report()])


@pytest.mark.parametrize(
    "name, better",
    [("fid", "lower"), ("recall", "higher"), ("density", "as real"), ("ms_ssim", "as real")],
)
def test_which_values_are_better(name, better):
    assert direction(name) == better


def test_json_has_value_floor_ceiling_and_n():
    content = json.loads(json.dumps(report().to_json()))
    assert content["metrics"]["recall"] == {"value": 0.75, "floor": 0.9, "ceiling": 0.0, "n": 5000}
    assert content["metrics"]["kid"]["standard_error"] == 0.0001
    assert (content["name"], content["step"]) == ("runs/a", 1500)
    assert "step" not in report(step=None).to_json()
