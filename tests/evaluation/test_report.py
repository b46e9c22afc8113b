"""Scores as text and JSON."""

import json

from gan_tf.evaluation.evaluator import Result
from gan_tf.evaluation.report import Report, table


def report(name="runs/a", step=1500):
    results = {
        "fid": Result(3.14159, None, 0.5, 400.0, 10_000),
        "recall": Result(0.75, None, 0.9, 0.0, 5000),
        "kid": Result(0.002, 0.0001, -1e-5, 2.0, 10_000),
    }
    return Report(name, step, "pixels 0123456789ab", results)


def test_a_table_of_one_run():
    lines = table([report()]).splitlines()
    assert lines[0].split() == ["runs/a", "@1,500", "floor", "ceiling", "better", "samples"]
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
        "floor",
        "ceiling",
        "better",
        "samples",
    ]
    assert lines[1].split() == ["fid", "3.142", "3.142", "0.5", "400", "lower", "10,000"]
    assert "pixels 0123456789ab" in lines[-2]


def test_json_has_value_floor_ceiling_and_n():
    content = json.loads(json.dumps(report().to_json()))
    assert content["metrics"]["recall"] == {"value": 0.75, "floor": 0.9, "ceiling": 0.0, "n": 5000}
    assert content["metrics"]["kid"]["standard_error"] == 0.0001
    assert (content["name"], content["step"]) == ("runs/a", 1500)
    assert "step" not in report(step=None).to_json()
