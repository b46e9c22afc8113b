"""What is sent to a tracker: each value once, whatever happens between."""

import dataclasses
import json

import pytest

from gan_tf.errors import UserError
from gan_tf.registry import TRACKERS, Registry
from gan_tf.runs import tracked_run
from gan_tf.runs.tracked_run import TrackedRun
from gan_tf.runs.trackers.tracker import Tracker
from tests.conftest import bare_run

ROWS = [{"step": step, "epoch": 1.0, "loss": float(step)} for step in (2, 4, 6, 8)]


class Fake(Tracker):
    """Keeps what it is sent; fails while `failing`."""

    record, failing = "first", False

    def __init__(self):
        self.calls = []

    def open(self, run, record, options):
        self.calls.append(("open", record))
        self._check()
        return self.record

    def log(self, rows):
        self._check()
        self.calls += [("log", row["step"]) for row in rows]

    def attach(self, path, folder):
        self._check()
        self.calls.append((folder, path.name))

    def end(self, complete):
        self.calls.append(("end", complete))

    def _check(self):
        if self.failing:
            raise ConnectionError("no answer\nat all")


@pytest.fixture
def fake(monkeypatch):
    """The tracker that the next `TrackedRun`s have; it is one for all."""
    made = Fake()
    monkeypatch.setattr(Registry, "build", lambda registry, spec: made)
    return made


@pytest.fixture
def run(tmp_path):
    made = bare_run(tmp_path / "run")
    made.samples.mkdir()
    for name in ("step-00000000.png", "step-00000006.png", "reals.png"):
        (made.samples / name).write_bytes(b"")
    return made


@pytest.fixture
def config(run):
    return dataclasses.replace(run.config(), tracker="mlflow")


def new(fake):
    """What was sent since it was last asked."""
    calls, fake.calls = fake.calls, []
    return calls


def test_a_resumed_run_sends_what_is_new_to_the_same_record(fake, run, config):
    first = TrackedRun(run, config)
    first.begin(0, 0)
    first.send(ROWS[:3])
    snapshots = [("samples", "step-00000000.png"), ("samples", "step-00000006.png")]
    assert new(fake) == [("open", None), ("log", 2), ("log", 4), ("log", 6), *snapshots]
    resumed = TrackedRun(run, config)
    resumed.begin(3, 6)
    resumed.send(ROWS)
    assert new(fake) == [("open", "first"), ("log", 8)]
    resumed.end(complete=True)
    assert new(fake) == [("", "flags.txt"), ("samples", "reals.png"), ("end", True)]


def test_steps_after_an_older_checkpoint_are_sent_again(fake, run, config):
    tracked = TrackedRun(run, config)
    tracked.send(ROWS)
    tracked.begin(1, 2)
    new(fake)
    tracked.send(ROWS[:2])
    assert new(fake) == [("log", 4), ("samples", "step-00000006.png")]


def test_a_new_record_gets_everything(fake, run, config):
    TrackedRun(run, config).send(ROWS)
    fake.record = "second"
    new(fake)
    TrackedRun(run, config).send(ROWS)
    assert new(fake)[:5] == [("open", "first"), *(("log", row["step"]) for row in ROWS)]


def test_what_fails_is_said_once_and_sent_later(fake, run, config, capsys):
    tracked = TrackedRun(run, config)
    fake.failing = True
    tracked.send(ROWS[:1])
    tracked.send(ROWS[:2])
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == 1 and shown[0].startswith("mlflow does not answer (no answer); what is")
    fake.failing = False
    new(fake)
    tracked.send(ROWS[:2])
    assert new(fake)[:2] == [("log", 2), ("log", 4)]


def test_a_record_is_kept_as_soon_as_it_is_begun(fake, run, config):
    TrackedRun(run, config)  # and killed
    assert json.loads(run.tracking.read_text())["record"] == "first"
    TrackedRun(run, config)
    assert new(fake) == [("open", None), ("open", "first")]


def test_after_training_no_record_is_begun(fake, run, config, monkeypatch, capsys):
    monkeypatch.setattr(tracked_run.extras, "check", lambda flag, attributes: None)
    run.write_flags(config)
    TrackedRun(run, config).send(ROWS)
    before = run.tracking.read_bytes()
    new(fake)
    monkeypatch.setattr(Fake, "continues", lambda self, run, record: record != "first")
    assert tracked_run.of_trained(run) is None
    assert new(fake) == [] and run.tracking.read_bytes() == before
    shown = capsys.readouterr().err
    assert shown.startswith(f"mlflow has no record of '{run.path}' any more, or it was moved")


def test_values_that_have_arrived_are_not_sent_again(fake, run, config, monkeypatch):
    rows = [{"step": step, "loss": 1.0} for step in range(45)]
    tracked, arrive = TrackedRun(run, config), Fake.log

    def log(self, part):
        if part[-1]["step"] > 30:
            raise ConnectionError
        arrive(self, part)

    with monkeypatch.context() as context:
        context.setattr(Fake, "log", log)
        tracked.send(rows)
    assert json.loads(run.tracking.read_text())["rows"] == 20
    tracked.send(rows)
    assert [step for what, step in new(fake) if what == "log"] == [*range(45)]


def test_a_strangers_count_of_lines_does_no_harm(fake, run, config):
    facts = {"tracker": "mlflow", "record": "first", "rows": -3, "snapshot": -9}
    run.tracking.write_text(json.dumps(facts))
    TrackedRun(run, config).send(ROWS)
    assert [step for what, step in new(fake) if what == "log"] == [2, 4, 6, 8]


def test_what_is_added_later_is_not_promised_for_later(fake, run, config, capsys):
    tracked = TrackedRun(run, config)
    fake.failing = True
    tracked.add_scores(8, {"fid": 2.0})
    tracked.add_file(run.flags, "")
    again = (
        "mlflow does not answer (no answer); repeat the command to send what is missing there.\n"
    )
    assert capsys.readouterr().err == again


def test_a_tracker_that_fails_at_once_is_refused(fake, run, config):
    fake.failing = True
    with pytest.raises(UserError, match=r"--tracker=mlflow cannot be used \(no answer\): correct"):
        TrackedRun(run, config)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"tracker": "mlflow"}', '{"tracker": 1, "rows": 9}']
)
def test_a_damaged_file_begins_a_new_record(fake, run, config, content):
    run.tracking.write_text(content)
    TrackedRun(run, config).send(ROWS[:1])
    assert new(fake)[:2] == [("open", None), ("log", 2)]
    facts = {"tracker": "mlflow", "record": "first", "rows": 1, "snapshot": 6}
    assert json.loads(run.tracking.read_text()) == facts


def test_only_a_tracked_run_has_a_record_to_add_to(fake, run, config, monkeypatch, capsys):
    monkeypatch.setattr(tracked_run.extras, "check", lambda flag, attributes: None)
    assert tracked_run.of_trained(run) is None
    run.write_flags(config)
    assert tracked_run.of_trained(run) is None  # nothing was ever sent
    TrackedRun(run, config).send([])
    new(fake)
    tracked_run.of_trained(run).add_scores(8, {"fid": 2.0})
    assert new(fake) == [("open", "first"), ("log", 8)]

    def refuse(flag, attributes):
        raise UserError(f"{flag} needs {attributes['needs'][0]}.")

    monkeypatch.setattr(tracked_run.extras, "check", refuse)
    assert tracked_run.of_trained(run) is None
    assert capsys.readouterr().err == "--tracker=mlflow needs mlflow.\n"
    assert TRACKERS.entry("mlflow").attributes["needs"] == ("mlflow",)
