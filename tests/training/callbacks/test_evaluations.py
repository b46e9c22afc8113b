"""Scores while a run trains, its best checkpoint, and when it ends early."""

import json

import numpy as np
import pytest

from gan_tf import evaluate
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from gan_tf.training.callbacks.evaluations import Evaluations
from gan_tf.training.callbacks.logs import Logs
from tests.conftest import tiny, tiny_cyclegan


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def scored(photos, tmp_path_factory):
    """A run of 10 steps that is scored every 2."""
    folder = tmp_path_factory.mktemp("scored")
    config = tiny(
        photos,
        folder / "run",
        evaluate_every="2steps",
        metric=("fid(20)", "recall(20)"),
        features="pixels",
        cache_dir=str(folder / "cache"),
    )
    assert loop.train(config) == 0
    return config


def test_scores_are_logged(scored):
    logged = [row for row in rows(RunDir(scored.run_dir).metrics) if "fid" in row]
    assert [row["step"] for row in logged] == [2, 4, 6, 8, 10]
    assert all(row.keys() == {"step", "epoch", "fid", "recall"} for row in logged)


def test_the_best_checkpoint_is_kept_and_can_be_used(scored):
    run = RunDir(scored.run_dir)
    logged = {row["step"]: row["fid"] for row in rows(run.metrics) if "fid" in row}
    best = min(logged, key=logged.get)
    assert CheckpointStore(run.best).steps() == [best]
    best_run = TrainedRun(run, "best")
    generator, step = best_run.generator, best_run.step
    assert step == best
    again = TrainedRun(run, str(best)).generator
    for mine, theirs in zip(generator.get_weights(), again.get_weights()):
        np.testing.assert_array_equal(mine, theirs)


def test_being_scored_does_not_change_what_is_learned(scored, trained_once):
    runs = scored.run_dir, trained_once
    weights = [TrainedRun(each).generator.get_weights() for each in runs]
    for mine, theirs in zip(*weights):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.slow
def test_an_interrupted_run_has_the_scores_of_one_that_was_not(scored, photos, tmp_path):
    options = dict(
        evaluate_every="2steps",
        metric=("fid(20)", "recall(20)"),
        features="pixels",
        cache_dir=str(tmp_path / "cache"),
    )
    for epochs in (1, 2):
        loop.train(tiny(photos, tmp_path / "run", epochs=epochs, **options))
    mine, theirs = (RunDir(each) for each in (tmp_path / "run", scored.run_dir))
    scores = [[row for row in rows(run.metrics) if "fid" in row] for run in (mine, theirs)]
    assert scores[0] == scores[1]
    assert CheckpointStore(mine.best).steps() == CheckpointStore(theirs.best).steps()


class Metric:
    def __init__(self, higher_is_better):
        self.higher_is_better = higher_is_better


class Evaluator:
    def __init__(self, higher_is_better):
        self.metrics = {"score": Metric(higher_is_better)}


class Checkpoints:
    def __init__(self, logs):
        self.logs = logs


def evaluations(tmp_path, values, higher_is_better=False, patience=None):
    """The callback of a run that has these scores, at steps 1, 2, ..."""
    logs = Logs(1, tmp_path / "logs", tmp_path / "metrics.jsonl", steps_per_epoch=10)
    for step, value in enumerate(values, start=1):
        logs.record(step, {"score": value})
    evaluator = Evaluator(higher_is_better)
    return Evaluations(1, evaluator, None, None, Checkpoints(logs), None, None, patience)


def test_the_best_is_the_lowest_or_the_highest_and_the_first_of_equals(tmp_path):
    values = [3.0, 1.0, 2.0, 1.0, 3.0]
    assert evaluations(tmp_path / "a", values).best(5) == (2, 1.0)
    assert evaluations(tmp_path / "a", []).best(1) == (1, 3.0)
    assert evaluations(tmp_path / "b", values, higher_is_better=True).best(5) == (1, 3.0)
    assert evaluations(tmp_path / "c", []).best(5) is None


@pytest.mark.parametrize("patience, ends_at", [(None, None), (1, 3), (2, 4), (3, None)])
def test_a_run_ends_when_the_score_has_not_become_better(tmp_path, patience, ends_at):
    callback = evaluations(tmp_path, [3.0, 1.0, 2.0, 1.0, 0.5], patience=patience)
    ended = [step for step in range(6) if callback.exhausted(step)]
    assert (ended[0] if ended else None) == ends_at
    if ends_at:
        assert "the run has ended" in callback.summary(ends_at)
    assert "0.5, at step 5" in callback.summary(5)


def test_stop_when_no_better_ends_the_run_for_good(photos, tmp_path, capsys):
    config = tiny(
        photos,
        tmp_path / "run",
        epochs=40,
        evaluate_every="1steps",
        metric=("fid(20)",),
        features="pixels",
        stop_when_no_better=2,
        generator_optimizer="sgd(0.0)",  # learns nothing, so that the first score stays the best
    )
    for _ in range(2):  # and again, when the same command is given again
        assert loop.train(config) == 0
        assert "2 scores in a row were no better, so the run has ended" in capsys.readouterr().out
        assert CheckpointStore(RunDir(config.run_dir).checkpoints).steps()[-1] == 3


@pytest.mark.slow
def test_both_directions_are_scored_as_evaluate_scores_them(photos, tmp_path):
    options = dict(
        evaluate_every="3steps", metric=("cycle_l1", "robust_cycle_l1"), features="pixels"
    )
    config = tiny_cyclegan(photos, tmp_path / "run", **options)
    assert loop.train(config) == 0
    *_, last = (row for row in rows(RunDir(config.run_dir).metrics) if "cycle_l1" in row)
    assert last["step"] == 6 and last["cycle_l1"] != last["cycle_l1_b_to_a"]
    file = tmp_path / "scores.json"
    metrics = ["--metric=cycle_l1", "--metric=robust_cycle_l1", "--features=pixels"]
    evaluate.main(["", f"--run_dir={config.run_dir}", *metrics, f"--json={file}"])
    for report, end in zip(json.loads(file.read_text())["runs"], ("", "_b_to_a")):
        for name, found in report["metrics"].items():
            assert last[name + end] == pytest.approx(found["value"], rel=1e-5)
