"""A tracked training, stopped and resumed, in MLflow's store of files."""

import json
import pathlib

import pytest

from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from tests.training.trained import rows


@pytest.mark.slow
def test_a_resumed_run_is_one_run_with_all_values(config, monkeypatch):
    mlflow = pytest.importorskip("mlflow", reason="needs the extra mlflow")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    for steps in (7, 10):
        assert loop.train(config(steps=steps, tracker="mlflow")) == 0
    run = RunDir(config().run_dir)
    store = (run.path.resolve() / "mlflow").as_uri()
    client = mlflow.MlflowClient(tracking_uri=store, registry_uri=store)
    experiment = client.get_experiment_by_name("gan_tf").experiment_id
    (found,) = client.search_runs([experiment])
    assert found.info.run_id == json.loads(run.tracking.read_text())["record"]
    assert found.info.status == "FINISHED"
    assert found.data.params["arch"] == "mlp(width=4)" and found.data.params["steps"] == "7"
    for name in ("generator_loss", "real_probability"):
        history = client.get_metric_history(found.info.run_id, name)
        logged = [(row["step"], row[name]) for row in rows(run) if name in row]
        assert [(each.step, each.value) for each in history] == logged and len(logged) > 3
    sent = client.list_artifacts(found.info.run_id, "samples")
    here = {path.name for path in run.samples.iterdir()}
    assert {pathlib.Path(each.path).name for each in sent} == here
