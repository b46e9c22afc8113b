"""Scores after training are in TensorBoard's table of hyperparameters, and sort its runs."""

import re
import types

from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.hparams import api_pb2, list_session_groups
from tensorboard.plugins.hparams.backend_context import Context

from gan_tf.evaluation import published_scores
from gan_tf.training.callbacks.logs import Logs
from tests.conftest import bare_run


def logged(path, options):
    """A run that logged a score of 99."""
    run = bare_run(path)
    logs = Logs(2, run.logs, run.metrics, steps_per_epoch=4, options=options)
    logs.set_model(types.SimpleNamespace(steps_made=0, metrics=()))
    logs.on_train_begin()
    logs.record(10, {"fid": 99.0, "generator_loss": 1.0})
    logs.sync()
    return run


def table(folder, order):
    """[(a hyperparameter, {metric: value})] of the rows of TensorBoard's table, sorted by FID."""
    events = EventMultiplexer()
    events.AddRunsFromDirectory(str(folder))
    events.Reload()
    provider = MultiplexerDataProvider(events, str(folder))
    by_fid = api_pb2.ColParams(metric=api_pb2.MetricName(tag="scores/fid"), order=order)
    request = api_pb2.ListSessionGroupsRequest(
        slice_size=10,
        allowed_statuses=[*api_pb2.Status.values()],
        col_params=[by_fid],
        include_metrics=True,
    )
    context = Context(TBContext(data_provider=provider))
    found = list_session_groups.Handler(RequestContext(), context, "", request).run()
    return [
        (each.hparams["width"].number_value, {m.name.tag: m.value for m in each.metric_values})
        for each in found.session_groups
    ]


def test_runs_are_sorted_by_their_last_scores(tmp_path):
    for width, fid in ((1, 7.0), (2, 3.0), (3, None)):
        run = logged(tmp_path / f"run-{width}", {"width": width})
        if fid:
            published_scores.publish(run, 8, {"fid": fid})
            published_scores.publish(run, 8, {"fid": fid + 1}, "_b_to_a")
    rows = table(tmp_path, api_pb2.ORDER_ASC)
    assert [(width, row["scores/fid"]) for width, row in rows] == [(2, 3), (1, 7), (3, 99)]
    assert rows[0][1] == {"scores/fid": 3, "scores/fid_b_to_a": 4, "losses/generator_loss": 1}
    assert [width for width, _ in table(tmp_path, api_pb2.ORDER_DESC)] == [3, 1, 2]


def test_the_clock_may_have_been_set_back(tmp_path):
    """TensorBoard skips files whose names, which begin with seconds, sort before another's."""
    run = logged(tmp_path / "run", {"width": 1})
    (first,) = run.events()
    first.rename(first.with_name(re.sub(r"\d{10}", "2000000000", first.name)))
    (run.logs / "events.out.tfevents.old").touch()
    for value in (3.0, 4.0):
        published_scores.publish(run, 8, {"fid": value})
    assert len(run.events()) == 4
    ((_, scores),) = table(tmp_path, api_pb2.ORDER_ASC)
    assert scores["scores/fid"] == 4


def test_nothing_is_written_beside_a_training_or_without_events(tmp_path):
    run = logged(tmp_path / "run", {})
    run.open(run.config())
    before = sorted(tmp_path.rglob("*"))
    published_scores.publish(run, 8, {"fid": 3.0})
    run.close()
    bare = bare_run(tmp_path / "run" / "bare")
    published_scores.publish(bare, 8, {"fid": 3.0})
    assert bare.events() == []
    assert run.events() == [each for each in before if ".tfevents." in each.name]
