"""Communication between replicas that share a batch.

A replica is a copy of the model on one device (see `gan_tf.runtime.strategies`), which processes
its part of the batch in a training step. The functions here can be called in any training step:
without a strategy, or on one device, they return their arguments.
"""

import keras
import numpy as np
import tensorflow as tf

_STREAM = 1_000_003  # between the seeds of two replicas; a prime that users hardly choose as a seed


def replicas():
    """Returns the number of replicas that share the batch; 1 without a strategy."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def mean(values):
    """Averages over the replicas; differentiable with respect to the values of all of them.

    Args:
        values: a tensor, or a nested structure of tensors, in a training step.

    Returns:
        The same structure, of means.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return values
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, values)


def mean_gradients(gradients):
    """Averages a list of gradients over the replicas; None stays None."""
    averaged = iter(mean([each for each in gradients if each is not None]))
    return [each if each is None else next(averaged) for each in gradients]


def average_variables(variables):
    """Replaces float32 Keras variables by their means over the replicas, in a training step."""
    if variables and replicas() > 1:
        flat = [tf.reshape(tf.convert_to_tensor(each), [-1]) for each in variables]
        average = mean(tf.concat(flat, axis=0))  # one message for all of them
        parts = tf.split(average, [each.shape[0] for each in flat])
        for variable, part in zip(variables, parts):
            variable.assign(tf.reshape(part, variable.shape))


def disable_gradient_reduction(optimizer):
    """Makes a Keras optimizer apply gradients as they are: already those of the complete batch.

    It would otherwise sum them over the replicas, after clipping each replica's separately.
    """
    for each in (optimizer, getattr(optimizer, "inner_optimizer", None)):
        if each is not None:
            each._all_reduce_sum_gradients = lambda pairs: pairs


class AveragedLogs:
    """A strategy for Keras's `fit` whose training steps return the same logs on all replicas.

    `fit` averages the logs of a `tf.distribute.MultiWorkerMirroredStrategy`, with two messages for each
    value. This is none, but has all its attributes.

    Args:
        strategy: a `tf.distribute.Strategy`.
    """

    def __init__(self, strategy):
        self._strategy = strategy

    def __getattr__(self, name):
        return getattr(self._strategy, name)


def rows_per_replica(batch_size, parts, count):
    """Divides a batch, which each step processes in `parts` equal parts, among the replicas.

    Args:
        batch_size: images in the batch, a multiple of `parts` * `count`.
        parts: the number of parts.
        count: the number of replicas.

    Returns:
        int64 (count, batch_size / count): the rows of the batch for each replica. A replica's
        part k comes from the batch's part k.
    """
    indices = np.arange(batch_size).reshape(parts, count, -1)
    return indices.transpose(1, 0, 2).reshape(count, -1)


class Mean(keras.metrics.Mean):
    """`keras.metrics.Mean` of values that are equal on all replicas, kept by each separately."""

    def add_variable(self, shape, initializer, dtype=None, aggregation=None, name=None):
        del aggregation
        return super().add_variable(shape, initializer, dtype, "only_first_replica", name)


class SeedGenerator(keras.random.SeedGenerator):
    """`keras.random.SeedGenerator` that gives each replica different random numbers.

    The first replica has the numbers of a run without a strategy; the state is the same on all.
    """

    def next(self, ordered=True):
        seed = super().next(ordered)
        context = tf.distribute.get_replica_context()
        if context is None or context.num_replicas_in_sync == 1:
            return seed
        shift = tf.cast(context.replica_id_in_sync_group, seed.dtype) * _STREAM
        return seed + tf.stack([shift, tf.zeros_like(shift)])


def use_replica_seeds(layer):
    """Gives each replica different random numbers in a Keras layer that draws any."""
    generator = getattr(layer, "seed_generator", None)
    if isinstance(generator, keras.random.SeedGenerator):
        generator.__class__ = SeedGenerator  # adds no state to its parent's
