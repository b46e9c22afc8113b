"""From a data set to batches: decoded once, cached as it is stored, shuffled by epoch."""

import contextlib

import numpy as np
import tensorflow as tf

from gan_tf import errors
from gan_tf.data import cache
from gan_tf.data.disk_array import DiskArray
from gan_tf.data.examples import LABEL, collect
from gan_tf.errors import UserError
from gan_tf.registry import MODALITIES


def load(source, memory_budget=1 << 30, cache_dir=None):
    """Decodes a data set once: what is decoded is kept in `cache_dir`, for the next run.

    Args:
        source: a data set (see `gan_tf.data.source`).
        memory_budget: bytes; a larger data set is read from its files in `cache_dir`, example by
            example, a smaller one is held in memory. Default 1 GiB.
        cache_dir: default: `gan_tf` in the user's cache directory.

    Returns:
        `Examples`.

    Raises:
        UserError: when nothing can be read, or the cache of a data set that is too large for
            memory cannot be written.
    """
    if hasattr(source, "prepare"):
        source.prepare()  # so that it knows its size
    folder = cache.folder_of(source, cache_dir or cache.default_dir())
    in_memory = cache.num_bytes(source) <= memory_budget
    with contextlib.suppress(Exception):
        # Otherwise it is not there, or damaged, which shows in many ways.
        return cache.read(source, folder, in_memory)
    if not in_memory:
        print(f"{source.name}: larger than the memory budget; decoding to '{folder}'.", flush=True)
        with errors.writing(folder):
            cache.write(source, folder, source.batches())
        return cache.read(source, folder, in_memory)
    examples = cache.decode(source)
    with contextlib.suppress(OSError, UserError):  # of no example; only the next run's time is lost
        cache.write(source, folder, [examples.arrays])
    return examples


def load_held_out(source):
    """Decodes the examples of a data set that no training uses; nothing is cached.

    Returns:
        `Examples`, or None where there are none.
    """
    arrays = collect(source.held_out())
    return cache.examples(source, arrays) if arrays else None


def batches(examples, batch_size, seed=0, first_step=0, flip=False, rows=None):
    """Feeds batches for ever, from any step on.

    The order is a function of `seed` and the epoch alone, so that a run that begins at
    step n is fed what an uninterrupted run is fed from step n on. Each epoch is a new
    permutation of all examples, cut into whole batches.

    Args:
        examples: `Examples`.
        batch_size: examples in a batch.
        seed: any int.
        first_step: how many batches have been used before.
        flip: whether each example is mirrored left to right with probability 1/2, all of its
            arrays alike.
        rows: int (replicas, n): the rows of each batch that each of the replicas here is fed,
            which is then an element for each of them; default: all rows in one element.

    Returns:
        A `tf.data.Dataset` of the samples as networks see them, float32 (batch or n, ...); of pairs
        of that and labels where there are labels. Where there are further arrays, {name: tensor}
        of all but the labels takes the samples' place.
    """
    modality = MODALITIES.build(examples.modality)
    names = [name for name in examples.arrays if name != LABEL]
    gather = {name: _gatherer(examples.arrays[name]) for name in names}
    labels = None if examples.labels is None else tf.convert_to_tensor(examples.labels)

    def here(of_batch):
        return of_batch if rows is None else tf.gather(of_batch, rows.reshape(-1))

    def batch(step, indices):
        indices = here(indices)
        picked = {name: gather[name](indices) for name in names}
        if flip:
            mirrored = here(_coins(batch_size, seed, step))
            for name, samples in picked.items():
                each = tf.reshape(mirrored, (-1, *[1] * (samples.shape.rank - 1)))
                picked[name] = tf.where(each, modality.flip(samples), samples)
        scaled = {name: modality.to_network(samples) for name, samples in picked.items()}
        fed = scaled if len(names) > 1 else scaled[examples.sample]
        return fed if labels is None else (fed, tf.gather(labels, indices))

    def of_replicas(values):
        return tf.reshape(values, (*rows.shape, *values.shape[1:]))

    indices = _shuffled(len(examples), batch_size, seed, first_step)
    options = tf.data.Options()
    # There is nothing to tune, and its thread, where it sleeps, delays the process's end.
    options.autotune.enabled = False
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    fed = indices.enumerate(first_step).map(batch, num_parallel_calls=1)
    if rows is not None and len(rows) > 1:
        fed = fed.map(lambda *each: tf.nest.map_structure(of_replicas, each)).unbatch()
    # Else workers ask each other at each step whether there is more.
    fed = fed.apply(tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY))
    return fed.prefetch(4).with_options(options)


def _shuffled(count, batch_size, seed, first_step):
    """A data set of the indices of each batch, int (batch_size,), for ever, from a step on."""
    steps_per_epoch = count // batch_size

    def order(epoch):
        permutation = tf.random.experimental.stateless_shuffle(
            tf.range(count), seed=tf.stack([tf.cast(seed, tf.int64), epoch])
        )
        whole = permutation[: steps_per_epoch * batch_size]
        return tf.data.Dataset.from_tensor_slices(tf.reshape(whole, (-1, batch_size)))

    first_epoch, into_epoch = divmod(first_step, steps_per_epoch)
    epochs = tf.data.Dataset.range(first_epoch, np.iinfo(np.int64).max)
    return epochs.flat_map(order).skip(into_epoch)


def _coins(count, seed, step):
    """Tosses a coin for each row of the batch of a step: bool (count,)."""
    key = tf.stack([tf.cast(seed, tf.int64), step])
    return tf.random.stateless_uniform((count,), key) < 0.5


def _gatherer(array):
    """Returns a function of indices to rows of an array that works inside tf.data."""
    if isinstance(array, DiskArray):

        def read(indices):
            rows = tf.numpy_function(
                lambda each: array[each], [indices], tf.as_dtype(array.dtype), stateful=False
            )
            return tf.ensure_shape(rows, (indices.shape[0], *array.shape[1:]))

        return read
    shared = _shared(array)
    # Not of the variable itself, for which TensorFlow would copy it first.
    return lambda indices: tf.gather(shared.read_value(), indices)


def _shared(array):
    """Returns an array as a variable in the same memory: the data are there once.

    As a constant, tf.data would copy them into its graph.
    """
    if not cache.is_aligned(array):
        array, given = cache.aligned(array.shape, array.dtype), array
        array[:] = given
    with tf.device("CPU"):
        tensor = tf.experimental.dlpack.from_dlpack(array.__dlpack__())
        return tf.Variable(tensor, trainable=False)
