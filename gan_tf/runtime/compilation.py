"""How the training step is executed: how many steps per call, and whether XLA compiles it."""

import math

from gan_tf.registry import ARCHITECTURES
from gan_tf.runtime import device

MAX_STEPS = 25  # per execution: a fraction of a second for the steps that benefit


def jit_compile(config):
    """Whether XLA compiles the training step of a resolved `Config`.

    auto: only on a single GPU; XLA slows down convolutions on a CPU by about a third, and
    compiles for one device.
    """
    if config.jit_compile == "auto":
        return not config.strategy and device.kind() in ("gpu", "tensor_cores")
    return config.jit_compile == "yes"


def steps_per_execution(config, *counts):
    """How many training steps a call of the compiled function runs.

    Python does not run between the steps of one call: no log, snapshot or progress. auto is the
    largest number up to `MAX_STEPS` that divides all counts, so that everything due at them is on
    time, if steps are so short that call overhead matters (a `light` architecture), else 1. It is
    1 if an interrupted run must repeat exactly, including its logs, and with a strategy, under
    which Keras's `fit` cannot run several.

    Args:
        config: a resolved `Config`.
        *counts: numbers of steps: per epoch, to the end, between snapshots and the like.

    Returns:
        The largest common divisor of the counts up to the requested number.
    """
    if config.deterministic or config.strategy:
        return 1
    if config.steps_per_execution != "auto":
        limit = int(config.steps_per_execution)
    else:
        limit = MAX_STEPS if ARCHITECTURES.entry(config.arch).attributes["light"] else 1
    common = math.gcd(*counts)
    return max(n for n in range(1, limit + 1) if common % n == 0)
