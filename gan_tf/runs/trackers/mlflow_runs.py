"""MLflow (https://mlflow.org): an MLflow run for each run."""

import itertools
import os

from gan_tf import __version__
from gan_tf.errors import UserError
from gan_tf.registry import TRACKERS
from gan_tf.runs.trackers.tracker import Tracker

_MOST = {"metrics": 1000, "params": 100}  # of a batch, in MLflow's interface
_LONGEST = 6000  # characters of a parameter
_LARGEST = {"meta.yaml": 1 << 16, "": 1 << 28}  # bytes of a file that MLflow reads; "": of all
_DEFAULTS = {
    "MLFLOW_ALLOW_FILE_STORE": "true",  # it is no longer developed, but needs no server
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",  # training waits for them
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
    "GIT_PYTHON_REFRESH": "quiet",  # it would warn where there is no Git
}


@TRACKERS.register("mlflow")
class MLflow(Tracker):
    """MLflow, at $MLFLOW_TRACKING_URI, or in the folder mlflow of the run directory.

    Args:
        experiment: the name of the MLflow experiment, which is made if there is none.
    """

    needs = ("mlflow",)
    extra = "mlflow"

    def __init__(self, experiment: str = "gan_tf"):
        self.experiment = experiment

    def open(self, run, record, options):
        for name, value in _DEFAULTS.items():
            os.environ.setdefault(name, value)
        import mlflow  # takes seconds
        from mlflow.utils.time import get_current_time_millis

        self._now = get_current_time_millis
        self._entities = mlflow.entities
        own = run.mlflow.absolute().as_uri()
        uri = os.environ.get("MLFLOW_TRACKING_URI") or own
        self._client = mlflow.MlflowClient(tracking_uri=uri, registry_uri=uri)
        self._store = own if uri == own else None
        if self._store:
            _check_store(run.mlflow)
        if not self._continues(record):
            tags = {"gan_tf.version": __version__}
            name = run.path.resolve().name
            made = self._client.create_run(self._experiment(), run_name=name, tags=tags)
            record = made.info.run_id
        self._run = record
        known = self._client.get_run(record).data.params
        self._send(
            "params",
            [
                self._entities.Param(name, str(value)[:_LONGEST])
                for name, value in options.items()
                if name not in known  # MLflow keeps the first value; flags.txt has the last
            ],
        )
        return record

    def begin(self):
        self._client.update_run(self._run, "RUNNING")

    def log(self, rows):
        now = self._now()
        metrics = [
            self._entities.Metric(name, value, now, row["step"])
            for row in rows
            for name, value in row.items()
            if name not in ("step", "epoch")
        ]
        self._send("metrics", metrics)

    def attach(self, path, folder):
        self._client.log_artifact(self._run, str(path), folder or None)

    def end(self, complete):
        self._client.set_terminated(self._run, "FINISHED" if complete else "KILLED")

    def _send(self, kind, values):
        for start in range(0, len(values), _MOST[kind]):
            self._client.log_batch(self._run, **{kind: values[start : start + _MOST[kind]]})

    def _continues(self, record):
        """Whether a record exists there, and keeps its files where it should."""
        from mlflow.exceptions import MlflowException

        try:
            info = record and self._client.get_run(record).info
        except MlflowException:  # another server's, or deleted
            return False
        if not info or info.lifecycle_stage != "active":
            return False
        return self._is_here(info.artifact_uri, f"{info.experiment_id}/{record}/artifacts")

    def _experiment(self):
        """The identifier of the experiment, which is made if there is none."""
        for number in itertools.count(1):
            name = self.experiment if number == 1 else f"{self.experiment} {number}"
            found = self._client.get_experiment_by_name(name)
            if not found:
                return self._client.create_experiment(name)
            if self._is_here(found.artifact_location, found.experiment_id):
                return found.experiment_id

    def _is_here(self, location, expected):
        """Whether files go where they should: not if the run directory was moved or is a stranger's."""
        return not self._store or location == f"{self._store}/{expected}"


def _check_store(path):
    """Raises a `UserError` for a store in a run directory that is too large for MLflow to read."""
    total = 0
    for folder, folders, files in os.walk(path):
        if "artifacts" in folders:
            folders.remove("artifacts")
        for name in files:
            size = os.path.getsize(os.path.join(folder, name))
            total += size
            if total > _LARGEST[""] or size > _LARGEST.get(name, size):
                raise UserError(
                    f"'{path}' is too large to be a store of MLflow: move it away, and a new one is made."
                )
