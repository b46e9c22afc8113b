"""The content of a checkpoint: everything a GAN's training depends on, and how it is restored."""

import collections

import tensorflow as tf

from gan_tf import __version__
from gan_tf.errors import UserError
from gan_tf.files.json_file import read_json
from gan_tf.gans.random_states import random_states
from gan_tf.runs.checkpoint_index import read_shapes

ABOUT = "about.json"
_OLDER_NAMES = {
    "ema_generator": "average"
}  # of networks, in checkpoints of gan_tf 0.1.0 and before


def state(gan, means=True, names=()):
    """Returns the `tf.train.Checkpoint` of everything a GAN's training depends on.

    Args:
        gan: a compiled GAN.
        means: whether to include the running means since the last line of the log;
            checkpoints of the first versions lack them.
        names: of the variables in the file to read, which reveal older names of networks; ():
            the file is being written.
    """
    parts = {each.name: list(each.variables) for each in gan.metrics} if means else {}
    return tf.train.Checkpoint(
        **_as_named(gan.networks, names),
        **{f"{name}_optimizer": each.optimizer for name, each in gan.optimizers.items()},
        step=gan.step,
        learning_rate_scale=gan.learning_rate_scale,
        seeds=random_states(gan),
        **({"means": parts} if means else {}),
        **({"kept": dict(gan.kept)} if gan.kept else {}),
    )


def read_gan(gan):
    """Returns a reader for `CheckpointStore.restore` that restores a compiled GAN."""

    def read(prefix, folder):
        weights = [each for network in gan.networks.values() for each in network.weights]
        try:
            names = list(read_shapes(prefix))
            means = any(name.startswith("means/") for name in names)
            state(gan, means, names).read(prefix).assert_consumed()
        except Exception as error:  # a foreign or hostile file can raise anything
            raise _other_networks(folder, prefix, weights) from error
        if not means:
            gan.reset_metrics()
        if gan.steps_made != int(folder.name):
            raise UserError(
                f"The checkpoint '{folder}' is of step {gan.steps_made:,}, not the step it is named "
                "after: rename it back, or choose another --run_dir."
            )

    return read


def read_networks(networks):
    """Returns a reader for `CheckpointStore.restore` that restores networks without optimizers.

    Args:
        networks: {name: `keras.Model`}, as in a GAN's `networks`.
    """

    weights = [each for network in networks.values() for each in network.weights]

    def read(prefix, folder):
        try:
            names = list(read_shapes(prefix))
            status = tf.train.Checkpoint(**_as_named(networks, names)).read(prefix)
            status.assert_existing_objects_matched().expect_partial()
        except Exception as error:  # a foreign or hostile file can raise anything
            raise _other_networks(folder, prefix, weights) from error

    return read


def _as_named(networks, names):
    """{name in the file: network}, for a file whose variables have these names."""
    older = {
        new: old for new, old in _OLDER_NAMES.items() if any(n.startswith(f"{old}/") for n in names)
    }
    return {older.get(name, name): network for name, network in networks.items()}


def _other_networks(folder, prefix, weights):
    """The error for a checkpoint that does not fit, saying what differs."""
    try:
        written = read_json(folder / ABOUT)["gan_tf"]
    except (OSError, ValueError, KeyError, TypeError):
        written = None
    version = f"; gan_tf {written} wrote it" if written not in (None, __version__) else ""
    return UserError(
        f"The checkpoint '{folder}' does not fit the networks that the flags describe: "
        f"{_difference(prefix, weights)}{version}. It has another architecture, width or version: "
        "give the flags of the run that wrote it, or choose another --run_dir."
    )


def _difference(prefix, weights):
    """Returns a clause that says how a checkpoint's arrays differ from the weights."""
    try:
        there = collections.Counter(
            tuple(shape)
            for name, shape in read_shapes(prefix).items()
            if "_optimizer/_variables/" not in name  # moments have the shapes of their weights
        )
    except Exception as error:
        return f"it cannot be read ({' '.join(str(error).split())[:100]})"
    for each in weights:
        shape = tuple(each.shape)
        if not there[shape]:
            return f"it has no {'x'.join(map(str, shape)) or 'single number'} for {each.path}"
        there[shape] -= 1
    return "its arrays have other names"
