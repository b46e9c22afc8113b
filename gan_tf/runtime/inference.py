"""Networks in use, beside a training that may be spread over devices."""

import functools

import tensorflow as tf


def inference(network):
    """Returns a network as a function of batches, compiled and in inference mode.

    Unlike `predict_on_batch` it is computed in this process alone, once, whatever strategy the
    network is trained with.

    Args:
        network: a `keras.Model`.

    Returns:
        A function of what the network takes to what it returns, as NumPy arrays.
    """
    compute = tf.function(functools.partial(network, training=False), reduce_retracing=True)
    return lambda inputs: tf.nest.map_structure(lambda each: each.numpy(), compute(inputs))
