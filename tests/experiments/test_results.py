"""The program of the results table."""

import json

from experiments import results
from gan_tf.options import presets


def scores(value, seconds=60.0):
    metrics = {name: {"value": value} for name in results._METRICS}
    return {"metrics": metrics, "images_seen": 240_000, "seconds": seconds}


def test_cells_are_means_and_deviations_over_the_runs():
    cells = list(results._cells([scores(1.0), scores(2.0, 90), scores(3.0)]))
    assert cells == ["2 ± 1"] * 6 + ["240,000", "1.2"]
    assert next(results._cells([scores(146.627)])) == "147"


def test_a_run_that_was_scored_is_not_made_again(tmp_path):
    folder = tmp_path / "dcgan-mnist-0"
    folder.mkdir()
    (folder / "scores.json").write_text(json.dumps(scores(1.0)))
    assert results._run("dcgan-mnist", 0, tmp_path) == scores(1.0)


def test_the_presets_of_the_table_are_there():
    for preset in results.Options().presets:
        assert preset in presets.names()
    assert set(results._BUDGETS) <= set(results.Options().presets)
