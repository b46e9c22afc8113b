"""How the training loop calls the training step: how many at once, and whether XLA compiles it."""

import math

from gan_tf.registry import ARCHITECTURES
from gan_tf.runtime import device

MOST_STEPS = 25  # in an execution: a fraction of a second of the steps that profit


def jit_compile(config):
    """Whether XLA compiles the training step of a resolved `Config`.

    auto: on a single GPU alone; XLA slows convolutions on a CPU by about a third, and compiles
    for one device.
    """
    if config.jit_compile == "auto":
        return not config.strategy and device.kind() in ("gpu", "tensor_cores")
    return config.jit_compile == "yes"


def steps_per_execution(config, *counts):
    """How many training steps a call of the compiled function makes.

    Between steps of one call Python does nothing: no log, no picture, no progress. auto is as
    many, up to `MOST_STEPS`, as divide all the counts, so that what is due at them is in time,
    where steps are so short that calls are felt (an architecture that says `light`), else 1.
    It is 1 where a run is to repeat exactly after an interruption, its logs included, and with a
    strategy, with which `fit` of Keras cannot make several.

    Args:
        config: a resolved `Config`.
        *counts: numbers of steps: of an epoch, to the end, between pictures and the like.

    Returns:
        The greatest divisor of all counts that is no greater than what is asked for.
    """
    if config.deterministic or config.strategy:
        return 1
    if config.steps_per_execution != "auto":
        wanted = int(config.steps_per_execution)
    else:
        wanted = MOST_STEPS if ARCHITECTURES.entry(config.arch).attributes["light"] else 1
    together = math.gcd(*counts)
    return max(n for n in range(1, wanted + 1) if together % n == 0)
