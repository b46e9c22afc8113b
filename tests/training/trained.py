"""Runs that tests of training start, stop and read."""

import errno
import json
import os
import shutil
import subprocess
import sys
import time

import tensorflow as tf

from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from tests.conftest import ROOT


def flags_of(config):
    return [*config.to_flags(), f"--run_dir={config.run_dir}"]


def start(config, **arguments):
    """Starts `gan_tf.main` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "gan_tf.main", *flags_of(config)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **arguments,
    )


def wait_for(condition, process, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def rows(run):
    return [json.loads(line) for line in run.metrics.read_text().splitlines()]


def variables(run):
    """Everything in the newest checkpoint, by name."""
    newest = CheckpointStore(run.checkpoints).steps()[-1]
    reader = tf.train.load_checkpoint(str(run.checkpoints / f"{newest:08d}" / "state"))
    names = reader.get_variable_to_shape_map()
    return newest, {n: reader.get_tensor(n) for n in names if "OBJECT_GRAPH" not in n}


def cut(run_dir, copy, step):
    """Copies a run as if it had been killed at the checkpoint of this step; returns the copy's path."""
    run = RunDir(shutil.copytree(run_dir, copy))
    later = [each for each in run.checkpoints.iterdir() if int(each.name) > step]
    assert later and CheckpointStore(run.checkpoints).steps()[-len(later) - 1] == step
    for each in later:
        shutil.rmtree(each)
    for each in run.samples.glob("step-*"):
        if int(each.stem[5:13]) > step:
            each.unlink()
    return run.path


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
