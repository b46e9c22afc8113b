"""Timing the formulations of a model's convolutions on this machine."""

import functools
import math
import time

import numpy as np
import tensorflow as tf

from gan_tf.networks.convolution import Formulated
from gan_tf.networks.formulation_choice import Choice, rule_of_thumb
from gan_tf.networks.formulations import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, KERNEL, halves

_SECONDS = 0.3  # at least, for the formulations of one product
_ROUNDS = 5  # at least
_GAIN = 0.97  # a smaller gain over the rule of thumb is taken for noise
_FIRST = 2  # rounds in which all take part
_SLOW = 1.5  # times the fastest: not timed again
_PATCH_BYTES = 1 << 28  # of a batch's patches, which are its largest copy


def convolutions(networks):
    """Returns {`Geometry`: layers} of the convolutions that have formulations.

    Args:
        networks: `keras.Model`s, built.
    """
    found = {}
    for layer in dict.fromkeys(each for network in networks for each in network._flatten_layers()):
        if isinstance(layer, Formulated):
            geometry = layer.geometry_of(layer.get_build_config()["input_shape"])
            if geometry:
                found.setdefault(geometry, []).append(layer)
    return found


def fastest(geometry, batch):
    """Returns the `Choice` of the formulations that are fastest, each measured on its own.

    Those of `rule_of_thumb` are kept where none is at least 3 % faster.

    Args:
        geometry: a `Geometry`.
        batch: examples in a batch; fewer are measured where their patches would fill the memory.
    """
    times = measure(geometry, batch)
    usual = vars(rule_of_thumb(geometry) or Choice())

    def winner(product):
        best = min(times[product], key=times[product].get)
        much = times[product][best] < _GAIN * times[product][usual[product]]
        return best if much else usual[product]

    return Choice(**{product: winner(product) for product in times})


def time_networks(networks, layers, alternatives, batch):
    """Times whole networks, forward and backward, in turns, on random inputs and without training them.

    A product that is fastest on its own can slow down what comes after it.

    Args:
        networks: `keras.Model`s, built.
        layers: those of their layers whose choices differ.
        alternatives: `Choices` of these layers.
        batch: examples in a batch.

    Returns:
        [seconds of all networks together, the least of several repetitions], for each alternative. The
        layers have the last one's choices.
    """
    inputs = [[_random(each, batch) for each in network.inputs] for network in networks]
    compiled = {}
    for number, choices in enumerate(alternatives):
        for layer in layers:
            layer.choices = choices
        compiled[number] = tf.function(lambda: _gradients(networks, inputs), autograph=False)
        compiled[number]()  # traced with these choices
    return list(_in_turns(compiled).values())


def _random(tensor, batch):
    """A random batch for an input of a network; of labels, the first one."""
    shape = (batch, *tensor.shape[1:])
    if tf.as_dtype(tensor.dtype).is_integer:
        return tf.zeros(shape, tensor.dtype)
    return tf.constant(np.random.default_rng(0).standard_normal(shape, np.float32), tensor.dtype)


def _gradients(networks, inputs):
    """The sum of the norms of the gradients of networks, which needs all of them."""
    norms = []
    for network, given in zip(networks, inputs):
        with tf.GradientTape() as tape:
            watched = [each for each in given if each.dtype.is_floating]
            tape.watch(watched)
            outputs = network(given if len(given) > 1 else given[0], training=False)
            outputs = tf.nest.flatten(outputs)
            total = tf.add_n([tf.reduce_sum(tf.cast(each, tf.float32)) for each in outputs])
        gradients = tape.gradient(total, [network.trainable_variables, watched])
        used = [each for each in tf.nest.flatten(gradients) if each is not None]
        norms.append(tf.linalg.global_norm(used))
    return tf.add_n(norms)


def measure(geometry, batch):
    """Times all formulations.

    Args:
        geometry, batch: as for `fastest`.

    Returns:
        {"forward", "input_gradient" and "filter_gradient": {formulation: seconds, the least of several
        repetitions}}.
    """
    size = geometry.height, geometry.width
    channels, outputs = geometry.channels, geometry.outputs
    positions = math.prod(halves(size))
    patch = math.prod(KERNEL) * channels * positions * tf.as_dtype(geometry.dtype).size
    batch = max(1, min(batch, _PATCH_BYTES // patch))
    random = np.random.default_rng(0)  # the generators of a run are not touched

    def tensor(*shape):
        return tf.cast(random.standard_normal(shape, np.float32), geometry.dtype)

    x = tensor(batch, *size, channels)
    w = tensor(*KERNEL, channels, outputs)
    dy = tensor(batch, *halves(size), outputs)
    return {
        "forward": _times(FORWARD, x, w),
        "input_gradient": _times(INPUT_GRADIENT, dy, w, size=size),
        "filter_gradient": _times(FILTER_GRADIENT, x, dy),
    }


def _times(formulations, *tensors, **facts):
    """Times functions in turns; returns {name: least seconds}."""
    compiled = {
        name: tf.function(functools.partial(compute, **facts), autograph=False)
        for name, compute in formulations.items()
    }
    for each in compiled.values():
        each(*tensors)
    return _in_turns(compiled, *tensors)


def _in_turns(compiled, *tensors):
    """Times compiled functions in turns; returns {name: least seconds}."""
    found = dict.fromkeys(compiled, math.inf)
    began = time.perf_counter()
    turn = 0
    while turn < _ROUNDS or time.perf_counter() - began < _SECONDS:
        limit = math.inf if turn < _FIRST else _SLOW * min(found.values())
        for name, compute in compiled.items():
            if found[name] <= limit:
                start = time.perf_counter()
                compute(*tensors)
                found[name] = min(found[name], time.perf_counter() - start)
        turn += 1
    return found
