"""Training from Python, with the options of the command line."""

import os
import signal
from collections.abc import Iterable

from gan_tf.errors import UserError
from gan_tf.messages import show
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.runs import preflight
from gan_tf.training import few_images


def train(*, callbacks=(), **options):
    """Trains a GAN, or resumes its training, as `python -m gan_tf.main` does.

    Args:
        callbacks: a `keras.callbacks.Callback` or several, which act before those of the run. They are
            not saved: give them again to resume. Default: none.
        **options: the flags of the command by name, without the dashes: `dataset="glyphs"`, `epochs=5`.
            A flag that may be repeated takes a list, or a single value: `trick=["ema", "lr_decay"]`.
            `preset` and `flagfile` are read first, in this order, wherever they stand: the others take
            precedence.

    Returns:
        The `gan_tf.runs.trained_run.TrainedRun` at its last checkpoint. Keras's dtype policy is
        afterwards what it was before. The random numbers of Python, NumPy and Keras are not: they have
        been seeded with `seed`; and `deterministic=True` holds for the rest of the program.

    Raises:
        UserError: for an unknown option or an invalid value, and for anything else that the user can
            correct.
        KeyboardInterrupt: after Ctrl-C or a notebook's stop button, once everything is saved.

    Example:

        run = gan_tf.train(dataset="glyphs", epochs=5, run_dir="runs/digits")
        run.picture(64)
    """
    argv = ["gan_tf.train", *_command_line(options)]
    config, _ = flags.parse(Config, argv, "")
    given = {name for name, value in options.items() if value is not None}  # even an empty list
    given |= flags.given(Config, argv)  # such as those in a flagfile
    config, notes = few_images.resolve(config, given)
    preflight.check(config)
    for note in notes:
        show(note)
    with flags.quiet_import():  # only after the options are checked
        import keras

        from gan_tf.runs.trained_run import TrainedRun
        from gan_tf.runtime import precision
        from gan_tf.training import loop

    callbacks = _list_of(callbacks, keras.callbacks.Callback)
    with precision.policy(keras.config.dtype_policy()):
        status = loop.train(config, callbacks)
    if status == 128 + signal.SIGINT:
        raise KeyboardInterrupt
    if status:
        raise SystemExit(status)
    return TrainedRun(config.run_dir)


def _command_line(options):
    """The flags that are equivalent to keyword arguments; files of flags first, so that others win."""
    files = [name for name in ("preset", "flagfile") if name in options]
    for name in dict.fromkeys([*files, *options]):
        value = options[name]
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is not None:
                yield f"--{name}={os.fspath(each) if isinstance(each, os.PathLike) else each}"


def _list_of(callbacks, kind):
    """One callback of this class, several, or None, as a list; a `UserError` for anything else."""
    if callbacks is None:
        return []
    several = list(callbacks) if isinstance(callbacks, Iterable) else [callbacks]
    for each in several:
        if not isinstance(each, kind):
            raise UserError(
                f"callbacks={each!r} is not a keras.callbacks.Callback: give one, or a list of them."
            )
    return several
