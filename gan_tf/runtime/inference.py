"""Inference during training that can be distributed over devices."""

import functools

import tensorflow as tf


def inference(network):
    """Returns a network as a function of batches, compiled and in inference mode.

    Unlike `predict_on_batch` it runs once, in this process only, whatever the training strategy.

    Args:
        network: a `keras.Model`.

    Returns:
        A function from the network's inputs to its outputs, as NumPy arrays.
    """
    compute = tf.function(
        functools.partial(network, training=False), reduce_retracing=True, autograph=False
    )
    return lambda inputs: tf.nest.map_structure(lambda each: each.numpy(), compute(inputs))
