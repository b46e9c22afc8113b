"""Checkpoints on disk: written beside and renamed, checked by digest when read."""

import hashlib
import json
import os
import pathlib
import shutil
import sys

import tensorflow as tf

from gan_tf.errors import UserError, writing

_DIGESTS = "sha256.json"


class CheckpointStore:
    """The checkpoints of one run, each a folder named by its step.

    Args:
        directory: where they are; it need not exist.
        keep: how many of the newest `save` leaves in place, at least 1.
    """

    def __init__(self, directory, keep=3):
        self.directory = pathlib.Path(directory)
        self.keep = keep

    def steps(self):
        """Returns the steps there are checkpoints of, ascending."""
        if not self.directory.is_dir():
            return []
        return sorted(int(each.name) for each in self.directory.iterdir() if each.name.isdigit())

    def path(self, step):
        """Returns the folder of the checkpoint at `step`."""
        return self.directory / f"{step:08d}"

    def save(self, gan):
        """Writes the whole state of a compiled GAN: weights, optimizers, step, random state.

        A kill, or an error, at any moment leaves the checkpoints before it as they are.

        Returns:
            The new checkpoint's folder.

        Raises:
            UserError: when the disk is full or cannot be written to.
        """
        final = self.path(int(gan.step))
        beside = self.directory / ".writing"
        with writing(final):
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir(parents=True)
            try:
                state(gan).write(str(beside / "state"))
                digests = {each.name: _digest(each) for each in sorted(beside.iterdir())}
                (beside / _DIGESTS).write_text(json.dumps(digests, indent=1))
                _sync(beside)
                if final.exists():
                    shutil.rmtree(final)
                os.replace(beside, final)
            except (OSError, tf.errors.OpError):
                shutil.rmtree(beside, ignore_errors=True)
                raise
            _sync_folder(self.directory)
        for step in self.steps()[: -self.keep]:
            shutil.rmtree(self.path(step))
        return final

    def restore(self, read, steps=None):
        """Reads the newest checkpoint that is whole; a broken one is named and passed over.

        Args:
            read: called with the path prefix of a checkpoint; see `read_gan`.
            steps: the steps to try, default all.

        Returns:
            Its step, or None where there is no checkpoint at all.

        Raises:
            UserError: when there are checkpoints and none of them is whole, or when one is of
                other networks.
        """
        steps = self.steps() if steps is None else steps
        for step in reversed(steps):
            problem = self._problem(step)
            if problem is None:
                read(str(self.path(step) / "state"), self.path(step))
                return step
            print(
                f"The checkpoint '{self.path(step)}' is broken ({problem}); trying the one before it.",
                file=sys.stderr,
            )
        if steps:
            raise UserError(
                f"No checkpoint in '{self.directory}' is whole: restore them from a backup, or delete "
                "that run directory and train again."
            )
        return None

    def set_aside_after(self, step):
        """Renames the checkpoints newer than the one at `step`, which proved broken: `.broken-...`."""
        for newer in self.steps():
            if newer > step:
                aside = self.path(newer).with_name(f".broken-{newer:08d}")
                with writing(aside):
                    shutil.rmtree(aside, ignore_errors=True)
                    os.replace(self.path(newer), aside)

    def _problem(self, step):
        """What is wrong with a checkpoint, or None."""
        folder = self.path(step)
        try:
            digests = json.loads((folder / _DIGESTS).read_text())
            for name, digest in digests.items():
                if _digest(folder / name) != digest:
                    return f"the content of {name} has changed"
        except (OSError, ValueError, AttributeError) as error:
            return str(error)
        return None


def state(gan):
    """Returns the `tf.train.Checkpoint` of all that a GAN's training depends on."""
    weights = set(map(id, gan.weights + gan.metrics_variables))
    return tf.train.Checkpoint(
        **gan.networks,
        generator_optimizer=gan.generator_optimizer,
        discriminator_optimizer=gan.discriminator_optimizer,
        step=gan.step,
        learning_rate_scale=gan.learning_rate_scale,
        # What Keras counts among the variables but not among weights and metrics.
        seeds=[each for each in gan.variables if id(each) not in weights],
    )


def read_gan(gan):
    """Returns a reader for `CheckpointStore.restore` that restores a compiled GAN."""

    def read(prefix, folder):
        try:
            state(gan).read(prefix).assert_consumed()
        except (AssertionError, ValueError, tf.errors.OpError) as error:
            raise _other_networks(folder) from error

    return read


def read_generator(generator, name="generator"):
    """Returns a reader for `CheckpointStore.restore` that restores one network's weights only.

    Args:
        generator: the network that receives them.
        name: what the GAN calls it in its `networks`.
    """

    return read_networks({name: generator})


def read_networks(networks):
    """Returns a reader for `CheckpointStore.restore` that restores networks without optimizers.

    Args:
        networks: {name: `keras.Model`}, as in a GAN's `networks`.
    """

    def read(prefix, folder):
        try:
            status = tf.train.Checkpoint(**networks).read(prefix)
            status.assert_existing_objects_matched().expect_partial()
        except (AssertionError, ValueError, tf.errors.OpError) as error:
            raise _other_networks(folder) from error

    return read


def _other_networks(folder):
    return UserError(
        f"The checkpoint '{folder}' does not fit the networks that the flags describe: it is of "
        "another architecture, width or version; choose another --run_dir."
    )


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync(folder):
    for each in folder.iterdir():
        with open(each, "rb") as file:
            os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
