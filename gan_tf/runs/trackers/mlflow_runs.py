"""MLflow (https://mlflow.org): an MLflow run for each run."""

import itertools
import os
import re

from gan_tf import __version__
from gan_tf.errors import UserError
from gan_tf.files.plain_file import read_bytes
from gan_tf.registry import TRACKERS
from gan_tf.runs.trackers.tracker import Tracker

_MOST = {"metrics": 1000, "params": 100}  # of a batch, in MLflow's interface
_LONGEST = 6000  # characters of a parameter
# Errors that say that there is no such run, or none can be called so:
_UNKNOWN = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
# What MLflow may have to read of a store in a run directory, which can be a stranger's:
_LARGEST_META = 1 << 16  # bytes of a meta.yaml
_LARGEST = 1 << 28  # bytes of all files
_MOST_ENTRIES = 10_000  # files and folders
_MOST_FOLDERS = 100  # in a folder, such as experiments
_ARTIFACTS = re.compile(r"[0-9]+/[0-9a-f]{32}/artifacts")  # of a run, which MLflow does not read
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
        if not self.continues(run, record):
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

    def continues(self, run, record):
        """Whether the record exists there, and keeps its files where it should."""
        self._connect(run)
        from mlflow.exceptions import MlflowException

        try:
            info = record and self._client.get_run(record).info
        except MlflowException as error:
            if error.error_code in _UNKNOWN:  # it is another server's, or was deleted
                return False
            raise
        if not info or info.lifecycle_stage != "active":
            return False
        return self._is_here(info.artifact_uri, f"{info.experiment_id}/{record}/artifacts")

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

    def _connect(self, run):
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

    def _send(self, kind, values):
        for start in range(0, len(values), _MOST[kind]):
            self._client.log_batch(self._run, **{kind: values[start : start + _MOST[kind]]})

    def _experiment(self):
        """The identifier of the experiment, which is made if there is none."""
        if not self._store:
            found = self._client.get_experiment_by_name(self.experiment)
            return found.experiment_id if found else self._client.create_experiment(self.experiment)
        known = {each.name: each for each in self._client.search_experiments()}
        for number in itertools.count(1):
            name = self.experiment if number == 1 else f"{self.experiment} {number}"
            found = known.get(name)
            if not found:
                return self._client.create_experiment(name)
            if self._is_here(found.artifact_location, found.experiment_id):
                return found.experiment_id

    def _is_here(self, location, expected):
        """Whether files go where they should: not if the run directory was moved or is a stranger's."""
        return not self._store or location == f"{self._store}/{expected}"


def _check_store(path):
    """Raises a `UserError` for a store in a run directory that MLflow must not read."""
    problem = "it is a link" if path.is_symlink() else _problem(path)
    if problem:
        raise UserError(
            f"'{path}' is not a store that gan_tf made ({problem}): move it away, and a new one is made."
        )


def _problem(path):
    """A clause: the first reason why MLflow would read without end, or outside the store; or None."""
    entries = size = 0
    for folder, folders, files in os.walk(path):
        paths = [os.path.join(folder, name) for name in (*folders, *files)]
        for each in filter(os.path.islink, paths):
            return f"'{each}' is a link"
        entries += len(paths)
        size += sum(map(os.path.getsize, paths[len(folders) :]))
        if entries > _MOST_ENTRIES or len(folders) > _MOST_FOLDERS or size > _LARGEST:
            return "it is too large"
        meta = os.path.join(folder, "meta.yaml")
        if "meta.yaml" in files and not _is_flat(meta):
            return f"'{meta}' is too large, or has aliases"
        folders[:] = [
            name
            for name in folders
            if not _ARTIFACTS.fullmatch(os.path.relpath(os.path.join(folder, name), path))
        ]
    return None


def _is_flat(path):
    """Whether a YAML file is short and has no aliases, of which a short one can unfold to gigabytes."""
    try:
        content = read_bytes(path, _LARGEST_META)
    except ValueError:
        return False
    anchors, aliases = (re.findall(sign + rb"([\w-]+)", content) for sign in (rb"&", rb"\*"))
    return not {*anchors} & {*aliases}
