"""The last stage of training: the final files, and where to find them."""

import os
import shlex
import shutil
import sys
import tempfile

from gan_tf.messages import show
from gan_tf.networks.layers import to_keras_layers
from gan_tf.training.callbacks.samples import snapshots, write_history


def finish(gan, run, modality):
    """Writes the final files of a run and prints where they are.

    Args:
        gan: the GAN.
        run: the `RunDir`.
        modality: of its samples.
    """
    history = write_history(run.samples, modality)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=run.path) as folder:
        temporary = os.path.join(folder, run.generator.name)
        to_keras_layers(gan.sampler).save(temporary)
        os.replace(temporary, run.generator)
    newest = snapshots(run.samples, modality)[-1]
    reals = newest.with_stem("reals")
    show(f"Samples:      {newest} (real {modality.plural}: {reals})")
    if history:
        show(f"Over time:    {history}")
    uses = {"example": ("translate", "--dataset")}
    command, argument = uses.get(gan.source, ("generate", "--seed=1"))
    sampling = [_command("python"), "-m", f"gan_tf.{command}", f"--run_dir={run.path}", argument]
    show(f"More samples: {shlex.join(sampling)}")
    board = [_command("tensorboard"), "--logdir", str(run.path.parent)]
    show(f"TensorBoard:  {shlex.join(board)}")


def _command(name):
    """The command for a program of this environment: its name, or its path if not in PATH."""
    folder = os.path.dirname(sys.executable)
    found = shutil.which(name)
    if found and os.path.dirname(found) == folder:
        return name
    return os.path.join(os.path.relpath(folder), name)
