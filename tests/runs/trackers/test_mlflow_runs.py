"""MLflow's store of files, in the run directory and elsewhere."""

import shutil

import pytest

from gan_tf.errors import UserError
from gan_tf.registry import TRACKERS
from gan_tf.runs.trackers import mlflow_runs
from tests.conftest import bare_run

mlflow = pytest.importorskip("mlflow", reason="needs the extra mlflow")
OPTIONS = {"arch": "mlp", "epochs": 5}


@pytest.fixture(autouse=True)
def no_server(monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


@pytest.fixture
def run(tmp_path):
    return bare_run(tmp_path / "my run")


def opened(run, record=None, options=OPTIONS, spec="mlflow"):
    """A tracker, the record that it opened, and MLflow's client."""
    tracker = TRACKERS.build(spec)
    return tracker, tracker.open(run, record, options), tracker._client


def refusal(run, record):
    """What is said of the store of a run."""
    with pytest.raises(UserError) as caught:
        opened(run, record)
    return str(caught.value)


def large(path):
    """Writes a file of more bytes than a store may have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.truncate(mlflow_runs._LARGEST + 1)


def test_a_run_has_parameters_values_files_and_a_status(run):
    tracker, record, client = opened(run)
    tracker.begin()
    assert client.get_run(record).info.status == "RUNNING"
    tracker.log([{"step": 2, "epoch": 0.5, "loss": 1.5, "fid": 9.0}, {"step": 4, "loss": 1.0}])
    tracker.attach(run.flags, "")
    tracker.attach(run.data, "samples")
    tracker.end(complete=False)
    found = client.get_run(record)
    assert found.info.run_name == "my run" and found.info.status == "KILLED"
    assert client.get_experiment(found.info.experiment_id).name == "gan_tf"
    assert found.data.params == {"arch": "mlp", "epochs": "5"}
    assert found.data.metrics == {"loss": 1.0, "fid": 9.0}
    history = client.get_metric_history(record, "loss")
    assert [(each.step, each.value) for each in history] == [(2, 1.5), (4, 1.0)]
    listed = [client.list_artifacts(record, folder)[-1].path for folder in (None, "samples")]
    assert listed == ["samples", "samples/data.json"]
    files = run.path / "mlflow" / found.info.experiment_id / record / "artifacts"
    assert (files / "flags.txt").read_bytes() == run.flags.read_bytes()


def test_a_resumed_run_continues_and_keeps_its_first_parameters(run):
    _, record, client = opened(run)
    _, again, _ = opened(run, record, {"arch": "mlp", "epochs": 9, "seed": 1})
    assert again == record
    assert client.get_run(record).data.params == {"arch": "mlp", "epochs": "5", "seed": "1"}


def test_where_files_would_go_elsewhere_a_new_run_is_begun(run, tmp_path):
    """MLflow's store has absolute paths: of where it was, or of whatever a stranger wrote."""
    _, record, _ = opened(run)
    moved = bare_run(tmp_path / "moved")
    shutil.copytree(run.path / "mlflow", moved.path / "mlflow")
    assert not TRACKERS.build("mlflow").continues(moved, record)
    tracker, new, client = opened(moved, record)
    assert TRACKERS.build("mlflow").continues(moved, new)
    assert opened(moved, new)[1] == new
    assert new != record
    tracker.attach(moved.flags, "")
    info = client.get_run(new).info
    assert client.get_experiment(info.experiment_id).name == "gan_tf 2"
    assert (moved.path / "mlflow" / info.experiment_id / new / "artifacts" / "flags.txt").is_file()
    for missing in ("0" * 32, "../../etc"):
        assert opened(moved, missing)[1] != missing


def test_a_store_that_mlflow_must_not_read_is_refused(run, monkeypatch):
    """It reads whatever is where it expects its own: folders `artifacts` too, except those of runs."""
    _, record, client = opened(run)
    home = run.mlflow / client.get_run(record).info.experiment_id
    large(home / record / "artifacts" / "video.gif")
    assert opened(run, record)[1] == record
    for path in ("tags/artifacts/x", "datasets/artifacts/x", f"{record}/metrics/artifacts/x"):
        large(home / path)
        assert "(it is too large): move it away" in refusal(run, record)
        (home / path).unlink()
    more = home / record / "tags" / "more"
    more.symlink_to("../params", target_is_directory=True)
    assert f"('{more}' is a link)" in refusal(run, record)
    more.unlink()
    meta = run.mlflow / "artifacts" / "meta.yaml"
    meta.parent.mkdir()
    for content in ("a: &a [x, x]\nb: [*a, *a]\n", " " * (1 << 17)):
        meta.write_text(content)
        assert f"('{meta}' is too large, or has aliases)" in refusal(run, record)
    shutil.rmtree(meta.parent)
    assert opened(run, record)[1] == record
    for limit in ("_MOST_ENTRIES", "_MOST_FOLDERS"):
        with monkeypatch.context() as context:
            context.setattr(mlflow_runs, limit, 2)
            assert "too large" in refusal(run, record)
    shutil.move(run.mlflow, run.path / "elsewhere")
    run.mlflow.symlink_to("elsewhere")
    assert "(it is a link)" in refusal(run, record)


def test_names_with_signs_of_yaml_are_no_aliases(tmp_path):
    run = bare_run(tmp_path / "&cats *dogs")
    _, record, _ = opened(run, spec="mlflow('&a *b')")
    assert opened(run, record)[1] == record


def test_an_error_is_not_taken_for_a_missing_run(run, monkeypatch):
    _, record, client = opened(run)

    def fail(client, run_id):
        raise mlflow.MlflowException("busy")

    with monkeypatch.context() as context:
        context.setattr(mlflow.MlflowClient, "get_run", fail)
        with pytest.raises(mlflow.MlflowException, match="busy"):
            opened(run, record)
    experiment = client.get_run(record).info.experiment_id
    assert [each.info.run_id for each in client.search_runs([experiment])] == [record]


def test_a_folder_that_is_named_has_the_runs_of_many(run, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "all").as_uri())
    _, first, client = opened(run, spec="mlflow('faces')")
    _, second, _ = opened(bare_run(tmp_path / "other"), spec="mlflow('faces')")
    experiment = client.get_experiment_by_name("faces").experiment_id
    assert {each.info.run_id for each in client.search_runs([experiment])} == {first, second}
    assert not (run.path / "mlflow").exists()
