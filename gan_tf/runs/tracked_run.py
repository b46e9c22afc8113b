"""The record of a run in an experiment tracker, and how much of it has been sent: tracking.json."""

import contextlib
import json
import re
import sys

from gan_tf.errors import UserError, writing
from gan_tf.files.atomic_write import write
from gan_tf.files.json_file import read_json
from gan_tf.messages import show
from gan_tf.options import extras
from gan_tf.registry import TRACKERS

_LONGEST = 200  # characters of a reason
_AT_ONCE = 20  # lines of the log that are sent together
_LATER = "what is missing there is sent with the next values, or when the command is repeated"
_AGAIN = "repeat the command to send what is missing there"


class TrackedRun:
    """Sends the record of a run to the tracker of `--tracker`.

    Each value is sent once, however often the run is resumed. When the tracker fails, training goes on,
    and what is missing there is sent with what follows.

    Args:
        run: the `RunDir`.
        config: its `Config`, with a tracker.
        begins: whether to begin a record where there is none.

    Raises:
        UserError: when the tracker cannot be used, or has no record and none may be begun.
    """

    def __init__(self, run, config, begins=True):
        self._run = run
        self._name = TRACKERS.entry(config.tracker).name
        self._failed = False
        facts = _read(run)
        before = facts if facts and facts["tracker"] == self._name else None
        try:
            self._tracker = TRACKERS.build(config.tracker)
            record = before and before["record"]
            if not begins and not (record and self._tracker.continues(run, record)):
                raise UserError(
                    f"{self._name} has no record of '{run.path}' any more, or it was moved, so that "
                    "nothing is sent: repeat the command of its training to begin a record."
                )
            self._record = self._tracker.open(run, record, config.hyperparameters())
        except UserError:
            raise
        except Exception as error:
            raise UserError(
                f"--tracker={config.tracker} cannot be used ({_reason(error)}): correct its settings, or "
                "leave it out."
            ) from error
        continues = before and self._record == before["record"]
        self._rows = max(0, before["rows"]) if continues else 0
        self._snapshot = before["snapshot"] if continues else -1
        if not continues:
            self._keep()

    def begin(self, rows, step):
        """Notes that training begins or resumes.

        Args:
            rows: how many lines the log has: those that follow are sent, also for the second time.
            step: the model's.
        """
        self._rows, self._snapshot = min(self._rows, rows), min(self._snapshot, step)
        with self._reported():
            self._tracker.begin()

    def send(self, rows):
        """Sends what is new among the lines of the log, and new snapshots.

        Args:
            rows: all lines, a dict each.
        """
        with self._reported():
            while self._rows < len(rows):
                part = rows[self._rows : self._rows + _AT_ONCE]
                self._tracker.log(part)
                self._rows += len(part)
            newest = self._snapshot
            for path in sorted(self._run.samples.iterdir()):
                match = re.match(r"step-(\d{8,18})\.", path.name)
                if match and int(match[1]) > self._snapshot:
                    self._tracker.attach(path, "samples")
                    newest = max(newest, int(match[1]))
            self._snapshot = newest
        self._keep()

    def end(self, complete):
        """Sends the options and, of a complete run, what its end has added; notes that it has ended."""
        with self._reported():
            self._tracker.attach(self._run.flags, "")
            others = self._run.samples.iterdir() if complete else ()
            for path in sorted(others):
                if not path.name.startswith("step-"):
                    self._tracker.attach(path, "samples")
            self._tracker.end(complete)
        self._keep()

    def add_scores(self, step, scores):
        """Sends scores, {name: value}, that were computed after training."""
        with self._reported(_AGAIN):
            self._tracker.log([{"step": step} | scores])

    def add_file(self, path, folder):
        """Sends a file, to be filed under a folder."""
        with self._reported(_AGAIN):
            self._tracker.attach(path, folder)

    def _keep(self):
        facts = {"tracker": self._name, "record": self._record}
        facts |= {"rows": self._rows, "snapshot": self._snapshot}
        with writing(self._run.tracking):
            write(self._run.tracking, f"{json.dumps(facts)}\n".encode())

    @contextlib.contextmanager
    def _reported(self, remedy=_LATER):
        """Shows the first failure of the tracker in a row; it never ends the program."""
        try:
            yield
        except Exception as error:
            if not self._failed:
                text = f"{self._name} does not answer ({_reason(error)}); {remedy}."
                show(text, file=sys.stderr)
            self._failed = True
        else:
            self._failed = False


def of_trained(run):
    """Returns the `TrackedRun` of a `RunDir` whose training was tracked, to add to its record.

    Returns:
        None if it was not, or, which is shown, if the tracker cannot be used or no longer has the record.
    """
    config = run.config()
    if not config.tracker or not _read(run):
        return None
    try:
        extras.check(f"--tracker={config.tracker}", TRACKERS.entry(config.tracker).attributes)
        return TrackedRun(run, config, begins=False)
    except UserError as error:
        show(str(error), file=sys.stderr)
        return None


def _read(run):
    """The content of tracking.json; None if there is none, or it is not what `_keep` writes."""
    try:
        facts = read_json(run.tracking)
        types = {"tracker": str, "record": str, "rows": int, "snapshot": int}
        return facts if {key: type(facts[key]) for key in types} == types else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _reason(error):
    """The first line of an exception's text, shortened."""
    line = str(error).strip().partition("\n")[0] or type(error).__name__
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."
