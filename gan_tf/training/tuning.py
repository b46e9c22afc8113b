"""Choosing, by measurement, how a run's convolutions are computed: `--tune`."""

import contextlib
import itertools
import os
import time
from dataclasses import astuple

import keras
import tensorflow as tf

from gan_tf import __version__
from gan_tf.data import cache
from gan_tf.errors import UserError
from gan_tf.messages import show
from gan_tf.networks import formulation_timing
from gan_tf.networks.formulation_choice import Choice, Choices, rule_of_thumb
from gan_tf.networks.formulations import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT
from gan_tf.runs import tuning_file
from gan_tf.runtime import device

_TABLES = (FORWARD, INPUT_GRADIENT, FILTER_GRADIENT)
_BY_NAMES = {names: Choice(*names) for names in itertools.product(*_TABLES)}


def tune(gan, config, run, workers):
    """Makes the trained networks use the fastest formulations of their convolutions.

    What was measured before is read from the run directory (for `--deterministic`, so that a resumed
    run computes the same), then from the file of `--tune` or the user's cache; the rest is measured by
    the first worker, and kept in both. Newly measured choices that do not make these networks faster,
    forward and backward, are given up for those of the rules of thumb, for other networks, too.

    Args:
        gan: the compiled GAN.
        config: the `Config`.
        run: the `RunDir`.
        workers: the `Workers`.

    Raises:
        UserError: when the file of `--tune` cannot be read or written.
    """
    if config.tune == "off" or device.kind() in ("gpu", "tensor_cores"):
        return
    trained = [each for _, networks in gan.optimizers.values() for each in networks]
    found = formulation_timing.convolutions(trained)
    batch = max(1, config.batch_size // workers.replicas)
    chosen = _chosen(trained, found, batch, config, run) if workers.chief else {}
    choices = Choices({each: _shared(chosen.get(each), workers) for each in found})
    for layers in found.values():
        for layer in layers:
            layer.choices = choices


def _chosen(networks, found, batch, config, run):
    """Returns {`Geometry`: `Choice`}, from the files or measured; then the files have them all."""
    shared = os.path.join(cache.default_dir(), "tuning.json")
    files = [shared if config.tune == "auto" else config.tune]
    files += [run.tuning] if config.deterministic else []
    known = {}
    for each in files:
        known |= tuning_file.read(each)
    keys = {_key(each, batch): each for each in found}
    chosen = {key: _BY_NAMES[known[key]] for key in keys if known.get(key) in _BY_NAMES}
    missing = [key for key in keys if key not in chosen]
    if missing:
        show("Timing ways to compute the convolutions on this machine, once ...")
        began = time.perf_counter()
        chosen |= {key: formulation_timing.fastest(keys[key], batch) for key in missing}
        usual = chosen | {key: rule_of_thumb(keys[key]) or Choice() for key in missing}
        gain = "the usual ones are the fastest"
        if chosen != usual:
            layers = [layer for each in found.values() for layer in each]
            both = [Choices({keys[key]: one[key] for key in keys}) for one in (usual, chosen)]
            before, after = formulation_timing.time_networks(networks, layers, both, batch)
            if after < before:
                gain = f"the fastest ones save {1 - after / before:.0%} of the networks' time"
            else:
                chosen, gain = (
                    usual,
                    "together the fastest ones save nothing, so the usual ones are kept",
                )
        show(f"Timed them in {time.perf_counter() - began:.0f} s: {gain}.")
    for each in files:
        known = tuning_file.read(each)
        new = {key: astuple(chosen[key]) for key in keys if known.get(key) not in _BY_NAMES}
        optional = [UserError] if each == shared else []
        with contextlib.suppress(*optional):
            if new:
                tuning_file.add(each, new)
    return {keys[key]: each for key, each in chosen.items()}


def _key(geometry, batch):
    """All that a choice was measured for, as a line of text."""
    shape = "x".join(map(str, (batch, geometry.height, geometry.width, geometry.channels)))
    threads = tf.config.threading.get_intra_op_parallelism_threads() or os.environ.get(
        "TF_NUM_INTRAOP_THREADS", 0
    )
    onednn = os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default")
    return (
        f"{shape} to {geometry.outputs} in {geometry.dtype} on {device.processor()}, {threads} threads, "
        f"oneDNN {onednn}, gan_tf {__version__}, tensorflow {tf.__version__}, keras {keras.__version__}"
    )


def _shared(choice, workers):
    """Returns the first worker's `Choice`; waits for all workers."""
    every = list(_BY_NAMES.values())
    return every[workers.gather(every.index(choice or Choice()))[0]]
