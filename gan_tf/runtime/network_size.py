"""Sizes of networks, found without allocating their weights."""

import concurrent.futures
import contextlib
import dataclasses
import os
import random

import keras
import numpy as np

from gan_tf.errors import UserError

BYTES = 4  # of a float32


@dataclasses.dataclass(frozen=True)
class NetworkSize:
    """The size of a network.

    Attributes:
        weights: the number of its weights, trainable or not.
        output: the number of values of the largest output of its layers, for one sample.
    """

    weights: int
    output: int


def measure(build):
    """Builds a network without memory for its weights, and returns its `NetworkSize`.

    It takes a tenth of the time of building it.

    Args:
        build: a function that returns a functional or sequential `keras.Model`.
    """

    def work():
        with keras.StatelessScope(initialize_variables=False):
            network = build()
            weights = sum(int(np.prod(each.shape, dtype=object)) for each in network.weights)
            return NetworkSize(weights, max(_outputs(network), default=0))

    before = random.getstate(), np.random.get_state()  # Keras draws the seeds of layers
    try:
        # Keras keeps the variables that it did not initialize in a list of the thread.
        with concurrent.futures.ThreadPoolExecutor(1) as thread:
            return thread.submit(work).result()
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])


def memory():
    """Returns the bytes of memory that this machine has."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def check_memory(builders, samples, copies=1):
    """Refuses networks that the memory of this machine cannot hold.

    Args:
        builders: a function that returns a network, as for `measure`, for each.
        samples: how many samples a network computes at once.
        copies: how many values are kept for each weight: 4 for training with Adam.

    Raises:
        UserError: when the weights, or the largest output of a layer for all samples, take more
            bytes than this machine has memory.
    """
    sizes = [measure(each) for each in builders]
    outputs = max(each.output for each in sizes) * samples
    needed = BYTES * max(copies * sum(each.weights for each in sizes), outputs)
    if needed > memory():
        raise UserError(
            f"The networks need {needed / 1e9:,.0f} GB, but this machine has {memory() / 1e9:,.0f} GB of "
            "memory: make them smaller, with --width or the arguments of --arch."
        )


def _outputs(network):
    """Yields the number of values of each layer's output, for one sample; unknown sizes are 1."""
    for each in getattr(network, "operations", None) or getattr(network, "layers", ()):
        yield from _outputs(each)
        with contextlib.suppress(AttributeError, ValueError):  # it is used nowhere, or twice
            for tensor in keras.tree.flatten(each.output):
                yield int(np.prod([size or 1 for size in tensor.shape[1:]], dtype=object))
