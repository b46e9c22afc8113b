"""Which runs are compared with which real images, and what is kept of their scores."""

import dataclasses
import json

import numpy as np
import pytest

from gan_tf.evaluate import Options
from gan_tf.evaluation import run_scores
from gan_tf.runs import kept_scores
from gan_tf.sampling.formats.format import Generated
from tests.conftest import tiny, untrained


@pytest.fixture(scope="module")
def runs(photos, tmp_path_factory):
    """Two runs on the photos, and one on a part of them."""
    folder = tmp_path_factory.mktemp("scored")
    changes = {"a": {}, "b": {"seed": 1}, "part": {"classes": "a"}}
    return [untrained(tiny(photos, folder / name, **each)) for name, each in changes.items()]


def test_runs_on_the_same_data_share_the_real_images_and_a_table(
    runs, tmp_path, monkeypatch, capsys
):
    made = []

    def counted(options, run, config, whole=run_scores._evaluator):
        made.append(run.path.name)
        return whole(options, run, config)

    monkeypatch.setattr(run_scores, "_evaluator", counted)
    options = Options(
        metric=("fid(10)",),
        json=str(tmp_path / "scores.json"),
        num_images=10,
    )
    changes = dict(features="pixels", cache_dir=str(tmp_path / "cache"))
    configs = [dataclasses.replace(each.config(), **changes) for each in runs]
    run_scores.score_runs(options, runs, configs)
    assert made == ["a", "part"]
    scored = json.loads((tmp_path / "scores.json").read_text())["runs"]
    assert [each["name"] for each in scored] == [str(each.path) for each in runs]
    for run, each in zip(runs, scored):
        (kept,) = kept_scores.read(run)
        assert kept["metrics"] == each["metrics"] and kept["step"] == 0
    assert str(runs[0].path) in capsys.readouterr().out


def test_scores_on_other_data_are_not_kept(runs, tmp_path):
    run = runs[1]
    before = kept_scores.read(run)
    other = dataclasses.replace(run.config(), max_images=30)
    run_scores._keep(Options(), run, other, None)
    assert kept_scores.read(run) == before


def test_pairs_are_the_first_of_a_stream():
    def stream():
        for start in (0, 4, 8):
            numbers = np.arange(start, start + 4)
            yield Generated(numbers, {"label": -numbers})
        raise AssertionError("more than were asked for")

    pairs = list(run_scores._pairs(stream(), 10))
    assert [images.tolist() for images, _ in pairs] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    assert pairs[2][1].tolist() == [-8, -9]
