"""Which callbacks a run has, in which order, and what they do at its end."""

import types

import numpy as np
import pytest

from gan_tf import modalities
from gan_tf.data import build as datasets
from gan_tf.data import pipeline
from gan_tf.options import interval as default_interval
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import callback_list, loop
from gan_tf.training.callback_list import CallbackList
from gan_tf.training.callbacks.stop_on_non_finite import StopOnNonFinite
from gan_tf.training.callbacks.stop_together import StopTogether
from tests.conftest import examples
from tests.training.trained import rows


@pytest.mark.slow
def test_default_intervals_do_not_follow_short_epochs(config, monkeypatch):
    monkeypatch.setattr(default_interval, "FEWEST", 8)
    monkeypatch.setattr(callback_list, "DENSE", 2)
    monkeypatch.setattr(callback_list, "SHOWN", 4)
    events = dict(sample_every=None, checkpoint_every=None, log_every="7steps", keep=9)
    loop.train(config(steps=45, steps_per_execution="1", **events))
    run = RunDir(config().run_dir)
    assert CheckpointStore(run.checkpoints).steps() == [10, 20, 30, 40, 45]  # two epochs of 5 steps
    snapshots = sorted(each.stem for each in run.samples.glob("step-*"))
    assert snapshots == [f"step-{step:08d}" for step in (0, 10, 20, 40, 45)]
    data = pipeline.load(datasets.build(config()))
    reals = modalities.of(data).snapshot(data.samples[[0, 13, 26, 39]])
    assert (run.samples / "reals.png").read_bytes() == reals  # from all over the data
    assert [row["step"] for row in rows(run)] == [7, 14, 21, 28, 35, 42, 45]


def test_a_finished_run_draws_its_last_grid_anew_where_it_is_gone(config, finished):
    last = finished.samples / "step-00000010.png"
    before = last.read_bytes()
    for file in last.parent.iterdir():
        file.unlink()
    assert loop.train(config()) == 0
    assert last.read_bytes() == before


class _Part(str):
    """A name in place of a callback."""

    steps = 5


def test_they_run_in_the_documented_order():
    names = ["samples", "health", "accuracy", "evaluations", "checkpoints", "tracking"]
    names += ["progress", "logs"]
    for several in (False, True):
        parts = types.SimpleNamespace(**{name: _Part(name) for name in names}, _stop="stop")
        parts._gan = types.SimpleNamespace(tricks=[])
        parts._rollback = types.SimpleNamespace(store="store")
        parts._workers = types.SimpleNamespace(count=1 + several)
        first, *others = CallbackList._in_order(parts)
        assert isinstance(first, StopOnNonFinite) and first.store == "store"
        if several:
            last = others.pop()
            assert isinstance(last, StopTogether) and last.stop == "stop"
            assert last.every == [5, 5]  # of accuracies and evaluations
        acting = ["samples", "health", "accuracy", "evaluations"]
        assert others == ["progress", "logs", *acting, "checkpoints", "tracking", "stop"]
    parts.accuracy = parts.evaluations = parts.tracking = None
    assert CallbackList._in_order(parts)[3:6] == ["samples", "health", "checkpoints"]


def test_the_evaluator_has_the_metrics_of_the_flags(config):
    data = examples(np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3), np.uint8))
    source = types.SimpleNamespace(cache_key="key", knows=())
    for metric, names in ((("recall(20)",), ["recall"]), (("fid(20)", "swd(20)"), ["fid", "swd"])):
        options = config(metric=metric, features="pixels", evaluate_every="1epoch")
        made = callback_list.evaluator(options, source, data, options.metric)
        assert list(made.metrics) == names
