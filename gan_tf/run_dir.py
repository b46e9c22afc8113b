"""The run directory: where a run keeps everything, and how it is written.

flags.txt        every option; `--flagfile=.../flags.txt --run_dir=elsewhere` repeats the run
data.json        the images' shape, number and labels
checkpoints/     one folder a checkpoint, named by its step
best/            the checkpoint with the best score, where the run was evaluated
samples/         reals.png, step-*.png, animation.gif
logs/            TensorBoard events
metrics.jsonl    the logged values, one JSON object a line
health.json      whether the game goes well, and what went wrong and when
skipped.txt      files of an image folder that could not be read
generator.keras  the trained generator, for any Keras program
generated/       what `gan_tf.generate` wrote
exported/        what `gan_tf.export` wrote: a folder for each format
encoder.keras    images to latents, trained by `gan_tf.anomaly`
encoder.json     for which weights it was, and how
inverted/        what `gan_tf.invert` wrote
anomalies/       what `gan_tf.anomaly` wrote
restored/        what `gan_tf.restore` wrote
"""

import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import socket

from gan_tf import __version__, flags
from gan_tf.config import Config
from gan_tf.errors import UserError, writing


class RunDir:
    """The paths of one run directory.

    Args:
        path: the directory; it need not exist.
    """

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.flags = self.path / "flags.txt"
        self.data = self.path / "data.json"
        self.checkpoints = self.path / "checkpoints"
        self.best = self.path / "best"
        self.samples = self.path / "samples"
        self.logs = self.path / "logs"
        self.metrics = self.path / "metrics.jsonl"
        self.health = self.path / "health.json"
        self.skipped = self.path / "skipped.txt"
        self.generator = self.path / "generator.keras"
        self.generated = self.path / "generated"
        self.exported = self.path / "exported"
        self.encoder = self.path / "encoder.keras"
        self.encoder_facts = self.path / "encoder.json"
        self.inverted = self.path / "inverted"
        self.anomalies = self.path / "anomalies"
        self.restored = self.path / "restored"
        self._lock = None

    def open(self, config):
        """Takes the directory for a run: checks whose it is, and locks it.

        Args:
            config: the resolved `Config` of the run.

        Raises:
            UserError: when it cannot be written, belongs to a run with other flags, is in use by
                another process, or holds something that is not a run.
        """
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            before = {".lock", "data.json", "skipped.txt"}  # what a failed start may have left
            if not self.flags.exists() and set(os.listdir(self.path)) - before:
                raise UserError(
                    f"'{self.path}' holds files, but no run of this program: choose another "
                    "--run_dir."
                )
            self._take_lock()
        if self.flags.exists():
            self._check_owner(config)

    def write_flags(self, config):
        """Writes flags.txt, which makes the directory that of this run."""
        command = f"python -m gan_tf.main --flagfile={self.flags} --run_dir={self.path}"
        header = f"# gan_tf {__version__}: {command}"
        write(self.flags, "\n".join([header, *config.to_flags(), ""]).encode())

    def config(self):
        """Returns the `Config` of the run that is here.

        Raises:
            UserError: when there is none, or its flags.txt cannot be read.
        """
        if not self.flags.is_file():
            raise UserError(
                f"'{self.path}' is not a run directory (it has no flags.txt): give the folder of a "
                "training run with --run_dir=..."
            )
        try:
            config, _ = flags.parse(Config, ["", f"--flagfile={self.flags}"], "")
            return dataclasses.replace(config, run_dir=str(self.path)).resolve()
        except (UserError, UnicodeDecodeError) as error:
            raise UserError(
                f"'{self.flags}' is damaged or from another version: {error}"
            ) from error

    def write_data(self, images):
        """Writes what is known of the data to data.json, or checks it against what is there.

        Raises:
            UserError: when the run began with other data.
        """
        facts = {
            "image_shape": list(images.pixels.shape[1:]),
            "num_images": len(images.pixels),
            "label_names": list(images.label_names),
        }
        if images.labels is not None and images.labels.ndim == 1:
            classes = range(len(images.label_names))
            facts["label_counts"] = [int((images.labels == each).sum()) for each in classes]
        before = self.read_data() if self.flags.exists() else facts
        if {key: facts.get(key) for key in before} != before:
            raise UserError(
                f"The data have changed since the run in '{self.path}' began ({before['num_images']:,} "
                f"images of {before['image_shape']} then, {facts['num_images']:,} of "
                f"{facts['image_shape']} now): restore them, or choose another --run_dir."
            )
        write(self.data, (json.dumps(facts, indent=1) + "\n").encode())

    def read_data(self):
        """Returns data.json: `image_shape`, `num_images`, `label_names`; with classes `label_counts`.

        Raises:
            UserError: when it is missing or damaged.
        """
        try:
            facts = json.loads(self.data.read_text())
            found = {key: facts[key] for key in ("image_shape", "num_images", "label_names")}
            return found | {key: facts[key] for key in ("label_counts",) if key in facts}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"'{self.data}' is missing or damaged, so the images' size is unknown: has this run "
                "been trained at all?"
            ) from error

    def _take_lock(self):
        """Locks the directory for this process; the system lets go when the process ends."""
        self._lock = open(self.path / ".lock", "a+")  # noqa: SIM115 (held while the run lives)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.seek(0)
            raise UserError(
                f"'{self.path}' is in use by another training ({self._lock.read().strip()}): wait "
                "for it, stop it, or choose another --run_dir."
            ) from error
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        self._lock.flush()

    def _check_owner(self, config):
        differences = config.conflicts(self.config())
        if differences:
            listed = ", ".join(
                f"--{name}={_shown(theirs)} (now {_shown(mine)})"
                for name, mine, theirs in differences
            )
            raise UserError(
                f"'{self.path}' belongs to a run with {listed}, which cannot change while a run goes "
                "on: give the same flags, choose another --run_dir, or delete that folder."
            )


def _shown(value):
    return "its default" if value is None else value


@contextlib.contextmanager
def whole_file(path, sync=True):
    """Opens a binary file for writing that appears whole or not at all: beside it, then renamed.

    Args:
        path: the file; its folder is made.
        sync: whether it is on the disk, and not on its way there only, when it appears.

    Raises:
        UserError: when the disk is full or the place cannot be written to.
    """
    path = pathlib.Path(path)
    beside = path.with_name(f".{path.name}.writing")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(beside, "wb") as file:
                yield file
                file.flush()
                if sync:
                    os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:  # Ctrl-C too
            beside.unlink(missing_ok=True)
            raise


def write(path, content):
    """Writes bytes to a file, whole or not at all: see `whole_file`."""
    with whole_file(path) as file:
        file.write(content)
