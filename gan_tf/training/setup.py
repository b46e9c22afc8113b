"""The first stage of training: random seeds, precision, devices, and the run directory."""

import contextlib
import dataclasses
import os
import tempfile

import keras
import tensorflow as tf

from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.runtime import precision


def set_up(config):
    """Seeds and configures Keras; returns the `Config` with its precision resolved."""
    config = dataclasses.replace(config, precision=precision.resolve(config.precision))
    seed(config)
    keras.config.set_dtype_policy(config.precision)
    if config.deterministic:
        tf.config.experimental.enable_op_determinism()
    for gpu in tf.config.list_physical_devices("GPU"):
        tf.config.experimental.set_memory_growth(gpu, True)
    return config


def seed(config):
    """Seeds all random number generators.

    Must be called again before the networks are built: preparing and decoding the data, which a
    resumed run can skip, can draw from the generators that initialize the weights.
    """
    keras.utils.set_random_seed(config.seed)


@contextlib.contextmanager
def run_directory(path, workers):
    """The `RunDir` of this worker; the first of the `Workers` has the run's own.

    The others do the same work on a temporary copy of the state that the run resumes from; their
    output is hidden, except errors.
    """
    with contextlib.ExitStack() as stack:
        run = RunDir(path)
        if not workers.chief:
            scratch = tempfile.TemporaryDirectory(prefix="gan_tf-", ignore_cleanup_errors=True)
            own, run = run, run.copy_state(stack.enter_context(scratch))
            _copy_checkpoints(own.checkpoints, run.checkpoints)
            _copy_checkpoints(own.best, run.best)
            silence = stack.enter_context(open(os.devnull, "w"))
            stack.enter_context(contextlib.redirect_stdout(silence))
            stack.enter_context(contextlib.redirect_stderr(silence))
        stack.callback(run.close)
        yield run


def _copy_checkpoints(directory, target):
    source = CheckpointStore(directory)
    steps = [step for step in source.steps() if source.problem(step) is None]
    for step in steps:
        CheckpointStore(target, keep=len(steps)).copy(source, step)
