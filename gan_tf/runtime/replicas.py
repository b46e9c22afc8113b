"""One batch on several replicas: what has to be known of all of it, on each.

A replica is one copy of the model, on one device (see `gan_tf.runtime.strategies`), which a training step
shows its part of the batch. The functions here may be called in any training step: without a
strategy, as on one device, they return what they are given.
"""

import keras
import numpy as np
import tensorflow as tf

_STREAM = 1_000_003  # between the seeds of two replicas; a prime, and no seed that users write


def replicas():
    """Returns how many replicas share the batch; 1 outside of a strategy."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def mean(values):
    """Averages over the replicas; differentiable in the values of all of them.

    Args:
        values: a tensor, or a nest of tensors, in a training step.

    Returns:
        The same structure, with the means.
    """
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return values
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, values)


def mean_gradients(gradients):
    """Averages a list of gradients over the replicas, in which None stays None."""
    averaged = iter(mean([each for each in gradients if each is not None]))
    return [each if each is None else next(averaged) for each in gradients]


def share(variables):
    """Averages float32 Keras vectors over the replicas, in a training step, where they may differ."""
    if variables and replicas() > 1:
        average = mean(tf.concat([tf.convert_to_tensor(each) for each in variables], axis=0))
        parts = tf.split(average, [each.shape[0] for each in variables])
        for variable, part in zip(variables, parts):
            variable.assign(part)


def leave_gradients(optimizer):
    """Lets a Keras optimizer apply gradients as they are, which are those of the whole batch.

    It would sum them over the replicas, but only after it has clipped each replica's own.
    """
    for each in (optimizer, getattr(optimizer, "inner_optimizer", None)):
        if each is not None:
            each._all_reduce_sum_gradients = lambda pairs: pairs


def reported(logs):
    """Returns logs as `fit` wants them of a training step.

    With several workers it reduces their first axis, which scalars do not have.
    """
    strategy = tf.distribute.get_strategy()
    several = isinstance(strategy, tf.distribute.MultiWorkerMirroredStrategy)
    if several and strategy.extended._in_multi_worker_mode():  # which is what Keras asks
        return {name: value[None] for name, value in logs.items()}
    return logs


def rows(batch_size, parts, count):
    """Divides a batch, of which each step uses `parts` equal parts in turn, among the replicas.

    Args:
        batch_size: images in the batch, a multiple of `parts` times `count`.
        parts: how many parts there are.
        count: how many replicas there are.

    Returns:
        int64 (count, batch_size / count): the rows of the batch that each replica is fed. Its
        part k is its share of the batch's part k.
    """
    places = np.arange(batch_size).reshape(parts, count, -1)
    return places.transpose(1, 0, 2).reshape(count, -1)


class Mean(keras.metrics.Mean):
    """`keras.metrics.Mean` of values that are the same on all replicas: each keeps it for itself."""

    def add_variable(self, shape, initializer, dtype=None, aggregation=None, name=None):
        del aggregation
        return super().add_variable(shape, initializer, dtype, "only_first_replica", name)


class SeedGenerator(keras.random.SeedGenerator):
    """`keras.random.SeedGenerator` that gives each replica numbers of its own.

    Those of the first are those that it would give without a strategy; its state is the same
    on all.
    """

    def next(self, ordered=True):
        seed = super().next(ordered)
        context = tf.distribute.get_replica_context()
        if context is None or context.num_replicas_in_sync == 1:
            return seed
        shift = tf.cast(context.replica_id_in_sync_group, seed.dtype) * _STREAM
        return seed + tf.stack([shift, tf.zeros_like(shift)])


def spread(layer):
    """Gives each replica random numbers of its own in a Keras layer that draws some."""
    generator = getattr(layer, "seed_generator", None)
    if isinstance(generator, keras.random.SeedGenerator):
        generator.__class__ = SeedGenerator  # which has no state but its parent's
