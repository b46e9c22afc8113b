"""The run directory: its layout, and how its files are read and written.

flags.txt        every option; `--flagfile=.../flags.txt --run_dir=elsewhere` repeats the run
data.json        the shape, number and labels of the samples
checkpoints/     one folder per checkpoint, named by its step
best/            the checkpoint with the best score, where the run was evaluated
samples/         reals.png, step-*.png, animation.gif; of a translation source-*.png, target-*.png
metrics.jsonl    the logged values, one JSON object per line
scores.json      what `gan_tf.evaluate` has computed of it
health.json      whether training is healthy, and what went wrong and when
tracking.json    of a run with --tracker: its record there, and what has been sent
mlflow/          the store of --tracker=mlflow, unless $MLFLOW_TRACKING_URI names another
skipped.txt      files of an image folder that were left out, each with the reason
tuning.json      which formulations --tune has chosen, with --deterministic
generator.keras  the trained generator, which plain Keras can load
generated/       what `gan_tf.generate` wrote
exported/        what `gan_tf.export` wrote: one folder per format
encoder.keras    images to latents, trained by `gan_tf.anomaly`
encoder.json     the weights it was trained for
inverted/        what `gan_tf.invert` wrote
anomalies/       what `gan_tf.anomaly` wrote
restored/        what `gan_tf.restore` wrote
events.out.*     TensorBoard's events
"""

import contextlib
import dataclasses
import os
import pathlib
import re
import shlex
import socket
import stat
import sys

from gan_tf import __version__
from gan_tf.errors import UserError, writing
from gan_tf.files.atomic_write import write
from gan_tf.files.file_lock import try_lock
from gan_tf.files.json_file import read_json
from gan_tf.files.plain_file import copy_plain, read_text
from gan_tf.files.plain_tree import stray
from gan_tf.messages import show
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.modality import MOMENTS, REPRESENTATION
from gan_tf.runs import data_facts

_OLD_KEYS = {"image_shape": "sample_shape", "num_images": "num_examples"}  # of data.json
_MOST_FLAGS = 1 << 20  # bytes of flags.txt
_MOST_BYTES = 1 << 28  # of each of the other files
_LONGEST_MESSAGE = 600  # characters of an error that repeats what a file holds


class RunDir:
    """The paths of one run directory.

    Args:
        path: the directory; it does not have to exist.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.flags = self.path / "flags.txt"
        self.data = self.path / "data.json"
        self.checkpoints = self.path / "checkpoints"
        self.best = self.path / "best"
        self.samples = self.path / "samples"
        self.metrics = self.path / "metrics.jsonl"
        self.scores = self.path / "scores.json"
        self.health = self.path / "health.json"
        self.tracking = self.path / "tracking.json"
        self.mlflow = self.path / "mlflow"
        self.skipped = self.path / "skipped.txt"
        self.tuning = self.path / "tuning.json"
        self.generator = self.path / "generator.keras"
        self.generated = self.path / "generated"
        self.exported = self.path / "exported"
        self.encoder = self.path / "encoder.keras"
        self.encoder_facts = self.path / "encoder.json"
        self.inverted = self.path / "inverted"
        self.anomalies = self.path / "anomalies"
        self.restored = self.path / "restored"
        self._lock = None
        self._made = []
        self._checked = False

    @property
    def logs(self):
        """The folder of TensorBoard's events: its own, after which TensorBoard names the run.

        Runs of earlier versions have a folder `logs`.
        """
        earlier = self.path / "logs"
        return earlier if earlier.is_dir() else self.path

    def events(self):
        """Returns the files of TensorBoard's events, oldest first."""
        return sorted(self.logs.glob("events.out.tfevents.*"), key=os.path.getmtime)

    def check(self, config):
        """Checks that the directory is free or belongs to the run, without locking or making it.

        Args:
            config: the resolved `Config` of the run.

        Raises:
            UserError: when it belongs to a run with other flags, or holds files that are not a
                run's.
        """
        if self.flags.exists():
            self._check_owner(config)
            return
        if self.path.is_dir() and not all(map(_may_stay, os.scandir(self.path))):
            raise UserError(
                f"'{self.path}' is not empty and is not a run of gan_tf: choose another --run_dir."
            )

    def open(self, config):
        """Checks that the directory is free or belongs to the run, and locks it.

        Args:
            config: the resolved `Config` of the run.

        Raises:
            UserError: when it cannot be written, belongs to a run with other flags, is in use by
                another process, or holds files that are not a run's.
        """
        with writing(self.path):
            above = (self.path, *self.path.parents)
            self._made = [each for each in above if not each.exists()]
            self.path.mkdir(parents=True, exist_ok=True)
            self._check_tree()
            if not self.flags.exists():
                self.check(config)
            self._take_lock()
        self.check(config)

    def is_in_use(self):
        """Returns whether a training has locked the directory; one that starts meanwhile is not refused."""
        try:
            access = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            with os.fdopen(os.open(self.path / ".lock", access)) as lock:
                try_lock(lock, shared=True)
        except BlockingIOError:
            return True
        except OSError:  # it was never trained, or cannot be read
            return False
        return False

    def close(self):
        """Unlocks the directory if it was opened; a start that failed leaves nothing behind."""
        if self._lock:
            with contextlib.suppress(OSError):
                self._lock.truncate(0)
                if not self.flags.exists():
                    (self.path / ".lock").unlink()
                    self.data.unlink(missing_ok=True)
                    for each in self._made:
                        each.rmdir()  # it fails if there is something in it, such as skipped.txt
            self._lock.close()
            self._lock = None

    def copy_state(self, path):
        """Copies the files that a run resumes from, except its checkpoints: flags, data, log, health.

        Args:
            path: the new run directory, empty.

        Returns:
            Its `RunDir`.

        Raises:
            UserError: when it cannot be read or written.
        """
        copy = RunDir(path)
        with writing(path):
            for each in (self.flags, self.data, self.metrics, self.health):
                with contextlib.suppress(FileNotFoundError):
                    copy_plain(each, copy.path / each.name, _MOST_BYTES)
        return copy

    def write_flags(self, config):
        """Writes flags.txt, which marks the directory as this run's."""
        paths = f"--flagfile={self.flags}", f"--run_dir={self.path}"
        header = f"# gan_tf {__version__}: {shlex.join(['python', '-m', 'gan_tf.main', *paths])}"
        write(self.flags, "\n".join([header, *config.to_flags(), ""]).encode())

    def config(self):
        """Returns the run's `Config`.

        Raises:
            UserError: when there is none, or its flags.txt cannot be read.
        """
        if not self.flags.is_file():
            raise UserError(
                f"'{self.path}' is not a run directory (it has no flags.txt): give the folder of a "
                "training run with --run_dir=..."
            )
        self._check_tree()
        try:
            config, _ = flags.parse(Config, ["", *self._flag_lines()], "")
            # An untrusted run must not choose where decoded images are cached: nothing is written
            # outside its folder.
            # Nor how much memory or disk its data take.
            own = {"run_dir": str(self.path), "cache_dir": None, "archive_mb": Config.archive_mb}
            return dataclasses.replace(config, **own).resolve()
        except (UserError, OSError, ValueError) as error:
            raise UserError(
                f"'{self.flags}' is damaged or was written by another version: "
                f"{_shortened(str(error))}"
            ) from error

    def write_data(self, examples, content=None):
        """Writes the facts about the data to data.json, after checking them against an existing one.

        Args:
            examples: `gan_tf.data.examples.Examples`.
            content: the `content` of their source.

        Raises:
            UserError: when the run was started on different data, or could not read these again.
        """
        change = self.change_of_data(examples, content) if self.flags.exists() else None
        if change:
            raise UserError(
                f"The data have changed since the run in '{self.path}' was started "
                f"({change}): restore them, say where they are now (--image_dir, "
                "--data_dir), or choose another --run_dir."
            )
        try:
            written = data_facts.written(data_facts.of(examples, content))
        except ValueError as error:
            raise UserError(
                f"What a run must know of the data cannot be kept in '{self.data}' ({error}): shorten the "
                "names of classes, or give a smaller --vocabulary."
            ) from error
        write(self.data, written)

    def change_of_data(self, examples, content=None):
        """Returns a clause that says how data differ from those of the run, or None.

        Args, raises:
            As for `write_data`; `UserError` when data.json is missing or damaged.
        """
        before, facts = self.read_data(), data_facts.of(examples, content)
        same = {key: facts.get(key) for key in before} == before
        return None if same else data_facts.difference(before, facts)

    def read_data(self):
        """Returns data.json: `sample_shape`, `num_examples`, `label_names`; with classes `label_counts`;
        `traits` and `content` if the data set's source tells them (see `gan_tf.data.source`).

        Older runs call the first two `image_shape` and `num_images`.

        Raises:
            UserError: when it is missing or damaged.
        """
        try:
            facts = read_json(self.data)
            facts = {_OLD_KEYS.get(key, key): value for key, value in facts.items()}
            found = {key: facts[key] for key in ("sample_shape", "num_examples", "label_names")}
            optional = ("label_counts", "traits", "content", "source_shape")
            found |= {key: facts[key] for key in optional if key in facts}
            data_facts.check(**found)
            config, traits = self.config(), found.get("traits") or {}
            known = traits.get(REPRESENTATION)
            if known != config.representation or (known and MOMENTS not in traits):
                raise ValueError("the representation is another, or nothing was measured for it")
            modality = config.modality(traits)
            modality.check_shape(tuple(found["sample_shape"]))
            return found
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(
                f"'{self.data}' is missing or damaged, so the shape of the samples is unknown: was this "
                "run ever trained?"
            ) from error

    def modality(self):
        """Returns the modality of the run's samples, which knows the traits of its data.

        Raises:
            UserError: as for `read_data`.
        """
        return self.config().modality(self.read_data().get("traits"))

    def drop_samples_after(self, step):
        """Deletes the snapshots of later steps, which the run will write again."""
        for each in self.samples.glob("step-*"):
            number = re.fullmatch(r"step-([0-9]{8,18})\.[a-z0-9]+", each.name)
            if number and int(number[1]) > step:
                with writing(each):
                    each.unlink()

    def _flag_lines(self):
        """The flags in flags.txt, in the form `write_flags` writes: options of a run, nothing else."""
        content = read_text(self.flags, _MOST_FLAGS)
        lines = [line for line in map(str.strip, content.splitlines()) if line[:1] not in ("", "#")]
        # Others would act on this command: --flagfile reads a file, --help ends it.
        options = {each.name for each in dataclasses.fields(Config)}
        for line in lines:
            name = re.match(r"--(?:no(?=\w+$))?(\w+)(=|$)", line)
            if not name or not options & {name[1], f"no{name[1]}"}:
                raise ValueError(f"{line[:50]!r} is not a flag of a run")
        return lines

    def _check_tree(self):
        """Refuses what leads out of the directory or is no file: an untrusted run can hold both."""
        if self._checked:
            return
        try:
            found = stray(self.path)
        except OSError as error:
            raise UserError(f"'{self.path}' cannot be listed ({error}).") from error
        if found:
            path, problem = found
            raise UserError(
                f"'{path}' {problem}: a run directory holds plain files and folders only; remove it, or "
                "put the file or folder itself there. (The entire run directory may be a link.)"
            )
        self._checked = True

    def _take_lock(self):
        """Locks the directory for this process; the system releases the lock when it ends."""
        access = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(self.path / ".lock", access, 0o666)
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode) or facts.st_nlink > 1:  # another file's, maybe
            os.close(handle)
            raise UserError(f"'{self.path / '.lock'}' is not a file of its own: delete it.")
        self._lock = os.fdopen(handle, "r+", errors="replace")  # held as long as the run is open
        try:
            failure = try_lock(self._lock)
        except BlockingIOError as error:
            holder = self._lock.read(200).strip()
            self._lock.close()
            self._lock = None
            raise UserError(
                f"'{self.path}' is in use by another training ({holder}): wait for it, stop it, or "
                "choose another --run_dir."
            ) from error
        if failure:
            show(
                f"'{self.path}' cannot be locked on this file system ({failure.strerror}): make sure "
                "that no other training uses it.",
                file=sys.stderr,
            )
        before = self._lock.read(200).strip()
        if before and not before.endswith(f" on {socket.gethostname()}"):
            # It can still be running where a shared file system does not lock across hosts.
            show(
                f"The last training in '{self.path}', {before}, did not exit cleanly; resuming it. If it "
                "is still running there, stop one of the two.",
                file=sys.stderr,
            )
        self._lock.seek(0)
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        self._lock.flush()

    def _check_owner(self, config):
        differences = config.conflicts(self.config())
        if differences:
            listed = ", ".join(
                f"--{name}={_shown(theirs)} (now {_shown(mine)})"
                for name, mine, theirs in differences
                if (mine, theirs) != (None, None)  # defaults that follow from another flag
            )
            raise UserError(
                f"'{self.path}' belongs to a run with {listed}, which cannot change when a run is "
                "resumed: give the same flags, choose another --run_dir, or delete that folder."
            )


def _may_stay(entry):
    """Whether a file can be in a new run's directory: left by a start, the system, or a log.

    Args:
        entry: of `os.scandir`.
    """
    if entry.name in ("data.json", "skipped.txt") or entry.name[0] == ".":
        return True
    if not entry.is_file(follow_symlinks=False):
        return False
    name, facts = entry.name.lower(), entry.stat(follow_symlinks=False)
    if name in ("thumbs.db", "desktop.ini") or re.search(r"\.(log|out|err)$|log.*\.txt$", name):
        return True
    for handle in (1, 2):  # the file that this program's own output goes to
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(handle), facts):
                return True
    return False


def _shown(value):
    return "its default" if value is None else value


def _shortened(text):
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}..."
