"""Checkpoints on disk: written to a temporary folder and renamed, verified by digest when read."""

import hashlib
import json
import os
import pathlib
import shutil
import sys
import time

import tensorflow as tf

from gan_tf import __version__
from gan_tf.errors import UserError, writing
from gan_tf.files.atomic_write import sync, sync_path
from gan_tf.files.json_file import read_json
from gan_tf.files.literal_path import literal_path
from gan_tf.files.plain_file import copy_plain, open_plain
from gan_tf.messages import show
from gan_tf.runs import checkpoint_index, choices, training_state

SPACING = 500  # steps between the older checkpoints that are kept for rollbacks
_DIGESTS = "sha256.json"
# The files of a checkpoint, and the most bytes of each.
_FILES = {
    "state.index": checkpoint_index.MOST_BYTES,
    "state.data-00000-of-00001": 1 << 35,
    training_state.ABOUT: 1 << 16,
}
_NEEDED = {"state.index", "state.data-00000-of-00001"}
_MOST_DIGESTS = 1 << 16
_WRITING, _REMOVING = ".writing", ".removing"
_MOST_VANISHED = 100  # checkpoints that a training removes while another program tries to read them


class CheckpointStore:
    """The checkpoints of one run, each a folder named by its step.

    Args:
        directory: where they are; it does not have to exist.
        keep: how many of the newest `save` keeps, at least 1.
        reach: how many steps back it also keeps the first of every `SPACING` steps.
    """

    def __init__(self, directory, keep=3, reach=0):
        self.directory = pathlib.Path(directory)
        self.keep = keep
        self.reach = reach

    def steps(self):
        """Returns the steps that have a checkpoint, ascending."""
        return choices.steps(self.directory)

    def path(self, step):
        """Returns the folder of the checkpoint at `step`."""
        return self.directory / f"{step:08d}"

    def save(self, gan):
        """Writes the complete state of a compiled GAN: weights, optimizers, step, means, random state.

        A kill or an error at any moment leaves the earlier checkpoints intact.

        Returns:
            The new checkpoint's folder.

        Raises:
            UserError: when the disk is full or cannot be written to.
        """

        def fill(folder):
            with literal_path(folder) as path:
                training_state.state(gan).write(str(path / "state"))
            about = {"gan_tf": __version__, "tensorflow": tf.__version__}
            (folder / training_state.ABOUT).write_text(json.dumps(about, indent=1))
            digests = {each.name: _digest(each) for each in sorted(folder.iterdir())}
            (folder / _DIGESTS).write_text(json.dumps(digests, indent=1))

        return self._place(gan.steps_made, fill)

    def copy(self, other, step):
        """Copies the checkpoint at `step` from another store: the files that its digests name.

        Returns:
            The new checkpoint's folder.

        Raises:
            UserError: as for `save`; or when it is broken.
        """

        def fill(folder):
            source = other.path(step)
            try:
                for name in (*_digests(source), _DIGESTS):
                    copy_plain(source / name, folder / name, _FILES.get(name, _MOST_DIGESTS))
            except ValueError as error:
                raise UserError(
                    f"The checkpoint '{source}' is broken ({error}): delete it."
                ) from error

        return self._place(step, fill)

    def _place(self, step, fill):
        """Makes the checkpoint at `step` of what `fill` writes into a temporary folder."""
        final, temporary = self.path(step), self.directory / _WRITING
        with writing(final):
            shutil.rmtree(temporary, ignore_errors=True)
            temporary.mkdir(parents=True)
            try:
                fill(temporary)
                sync(temporary)
                if final.is_dir() and not final.is_symlink():
                    self._remove(final)
                else:
                    final.unlink(missing_ok=True)  # a file or a link of that name
                os.replace(temporary, final)
            except (OSError, UserError, tf.errors.OpError):
                shutil.rmtree(temporary, ignore_errors=True)
                raise
            sync_path(self.directory)
            self._thin()
        return final

    def _thin(self):
        """Removes the checkpoints that are neither among the newest nor kept for rollbacks."""
        steps, firsts = self.steps(), {}
        for step in steps if self.reach else ():
            firsts.setdefault(step // SPACING, step)
        for old in steps[: -self.keep]:
            if old not in firsts.values() or old <= steps[-1] - self.reach - SPACING:
                self._remove(self.path(old))

    def _remove(self, folder):
        """Removes a checkpoint; a kill midway leaves no partial one under its name."""
        aside = self.directory / _REMOVING
        shutil.rmtree(aside, ignore_errors=True)
        os.replace(folder, aside)
        shutil.rmtree(aside)

    def restore(self, read, steps=None):
        """Reads the newest intact checkpoint; broken ones are reported and skipped.

        A training in another process can replace checkpoints meanwhile: one that has vanished does
        not count as broken, and the newest is looked for again.

        Args:
            read: called with the path prefix of a checkpoint and its folder; see `training_state.read_gan`.
            steps: the steps to try, default all.

        Returns:
            Its step, or None if there is no checkpoint at all.

        Raises:
            UserError: when there are checkpoints and none of them is intact, when one does not fit
                the networks, or when those to try have vanished.
        """
        broken = set()
        for _ in range(_MOST_VANISHED):
            trying = self.steps() if steps is None else steps
            left = [each for each in trying if each not in broken]
            if not left:
                break
            step = left[-1]
            before = _identity(self.path(step))
            try:
                problem = self.problem(step)
                if problem is None:
                    with literal_path(self.path(step)) as path:
                        read(str(path / "state"), self.path(step))
                    return step
            except UserError:
                if _identity(self.path(step)) == before:
                    raise
            if before is None or _identity(self.path(step)) != before:
                time.sleep(0.01)
                continue
            broken.add(step)
            show(
                f"The checkpoint '{self.path(step)}' is broken ({problem}); trying the one before it.",
                file=sys.stderr,
            )
        else:
            raise UserError(
                f"The checkpoint '{self.path(step)}' has been removed, as a training does when it writes "
                "newer ones: run the same command again, or with --checkpoint=last."
            )
        if broken:
            raise UserError(
                f"No checkpoint in '{self.directory}' is intact: restore them from a backup, or delete "
                "that run directory and train again."
            )
        return None

    def set_aside_after(self, step):
        """Renames the checkpoints newer than `step` to `.broken-...`."""
        for newer in self.steps():
            if newer > step:
                aside = self.path(newer).with_name(f".broken-{newer:08d}")
                with writing(aside):
                    shutil.rmtree(aside, ignore_errors=True)
                    os.replace(self.path(newer), aside)

    def problem(self, step):
        """Returns what is wrong with the checkpoint at `step`, or None."""
        folder = self.path(step)
        try:
            for name, digest in _digests(folder).items():
                if _digest(folder / name) != digest:
                    return f"the content of {name} has changed"
        except (OSError, ValueError) as error:
            return str(error)
        return None


def _identity(folder):
    """What differs for another folder that has taken its place; None if there is none."""
    try:
        facts = os.stat(folder)
        return facts.st_ino, facts.st_ctime_ns
    except OSError:
        return None


def _digests(folder):
    """{name: digest} of a checkpoint's files, of which the folder holds no others.

    Hidden files, which some systems add, are left out.

    Raises:
        OSError, ValueError: when the list of digests, or a file, is missing or not a checkpoint's.
    """
    digests = read_json(folder / _DIGESTS, _MOST_DIGESTS)
    if not isinstance(digests, dict) or not digests.keys() >= _NEEDED:
        raise ValueError(f"{_DIGESTS} does not list its files")
    there = {each.name for each in os.scandir(folder) if each.name[0] != "."}
    for name in sorted(there - {_DIGESTS} | digests.keys()):
        if name not in _FILES or name not in digests:
            raise ValueError(f"{name!r} is not one of its files")
    return digests


def _digest(path):
    digest = hashlib.sha256()
    try:
        with open_plain(path, _FILES[path.name]) as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    except ValueError as error:
        raise ValueError(f"{path.name!r} is not one of its files: {error}") from error
    return digest.hexdigest()
