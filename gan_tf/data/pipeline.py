"""From a data set to batches: decoded once, cached, shuffled by epoch."""

import contextlib
import dataclasses

import numpy as np
import tensorflow as tf

from gan_tf import errors, modalities
from gan_tf.data import cache
from gan_tf.data.disk_array import DiskArray
from gan_tf.data.examples import LABEL, SOURCE, TARGET, collect
from gan_tf.errors import UserError
from gan_tf.messages import show

# TensorFlow rewrites the functions of a data set unless they say otherwise; these have no need of it, and
# it takes half a second.
_as_written = tf.autograph.experimental.do_not_convert


def load(source, memory_budget=1 << 30, cache_dir=None):
    """Decodes a data set once, and caches it in `cache_dir` for the next run.

    Args:
        source: a data set (see `gan_tf.data.source`).
        memory_budget: bytes, default 1 GiB. A smaller data set is held in memory; of a larger one,
            examples are read on demand from its files in `cache_dir`.
        cache_dir: default: `gan_tf` in the user's cache directory.

    Returns:
        `Examples`.

    Raises:
        UserError: when no example can be read, or the cache of a data set that exceeds the budget
            cannot be written.
    """
    if source.pairing == "unpaired":
        parts = source.target_domain, source.source_domain
        target, other = (load(each, memory_budget // 2, cache_dir) for each in parts)
        skipped = tuple(dict.fromkeys([*other.skipped, *target.skipped]))
        return dataclasses.replace(target, source_domain=other, skipped=skipped)
    if hasattr(source, "prepare"):
        source.prepare()  # before this, its size may be unknown
    folder = cache.folder_of(source, cache_dir or cache.default_dir())
    in_memory = cache.num_bytes(source) <= memory_budget
    with contextlib.suppress(Exception):
        # Any exception means that it is missing or damaged.
        return cache.read(source, folder, in_memory)
    if not in_memory:
        show(f"{source.name}: larger than the memory budget; decoding to '{folder}'.")
        with errors.writing(folder):
            cache.write(source, folder, source.batches())
        return cache.read(source, folder, in_memory)
    examples = cache.decode(source)
    if not len(examples):
        raise cache.nothing(source)
    with contextlib.suppress(OSError, UserError):  # costs the next run time only
        cache.write(source, folder, [examples.arrays])
    return examples


def load_held_out(source, count=None):
    """Decodes held-out examples of a data set; nothing is cached.

    Args:
        source: a data set (see `gan_tf.data.source`).
        count: how many, from the beginning; None: all. Not many more are read.

    Returns:
        `Examples`, or None if there are none.
    """
    if source.pairing == "unpaired":
        parts = source.target_domain, source.source_domain
        target, other = (load_held_out(each, count) for each in parts)
        return target and other and dataclasses.replace(target, source_domain=other)
    arrays = collect(source.held_out(), count)
    return cache.examples(source, arrays) if arrays else None


def batches(
    examples, batch_size, seed=0, first_step=0, flip=False, jitter=0, rows=None, form="network"
):
    """Yields batches indefinitely, starting at any step.

    The order is a function of `seed` and the epoch alone, so that a run that starts at step n
    gets the same batches as an uninterrupted run from step n on. Each epoch is a new
    permutation of all examples, cut into full batches; the remainder is dropped.

    Args:
        examples: `Examples`.
        batch_size: examples in a batch.
        seed: any int.
        first_step: how many batches have been used before.
        flip: whether to mirror each example left to right with probability 1/2, all of its
            arrays together.
        jitter: enlarge each example by this fraction, and crop it to its size at a random place: the
            same window of all of its arrays, whatever their sizes; 0 (default): leave them as they are.
        rows: int (replicas, n): the rows of each batch that each local replica gets; the data set
            then has one element per replica. Default: all rows in one element.
        form: "network" (default): samples scaled for the networks, float32; "stored": as they are
            stored.

    Returns:
        A `tf.data.Dataset` of samples in that form, (batch or n, ...); with labels, of pairs (samples,
        labels). If there are further arrays, {name: tensor} of all arrays but the labels replaces the
        samples. Of unpaired examples, {"image": images of A, "target": images of B}: each domain has an
        order of its own, in epochs of its own. If both have the same classes, their labels are such a
        dict, too.
    """
    options = first_step, flip, jitter, rows, form
    if not examples.source_domain:
        return _batches(examples, batch_size, seed, *options)
    labeled = examples.same_classes
    target, other = (_one_domain(each, labeled) for each in examples.domains)
    # Other than any seed of a user, so that pairs do not stay together.
    parts = {SOURCE: _batches(other, batch_size, -1 - seed, *options)}
    both = tf.data.Dataset.zip(parts | {TARGET: _batches(target, batch_size, seed, *options)})
    return both.map(_labels_apart) if labeled else both


@_as_written
def _labels_apart(parts):
    """{domain: (samples, labels)} as ({domain: samples}, {domain: labels})."""
    return tuple({name: each[index] for name, each in parts.items()} for index in (0, 1))


def _batches(examples, batch_size, seed, first_step, flip, jitter, rows, form):
    """The batches of one domain, or of the only one: as for `batches`."""
    modality = modalities.of(examples)
    names = [name for name in examples.arrays if name != LABEL]
    gather = {name: _gatherer(examples.arrays[name]) for name in names}
    labels = None if examples.labels is None else tf.convert_to_tensor(examples.labels)

    def local(of_batch):
        return of_batch if rows is None else tf.gather(of_batch, rows.reshape(-1))

    @_as_written
    def batch(step, indices):
        indices = local(indices)
        picked = {name: gather[name](indices) for name in names}
        if flip:
            picked = _mirrored(modality, picked, local(_coins(batch_size, seed, step)))
        if form == "network":
            picked = {name: modality.to_network(samples) for name, samples in picked.items()}
        if jitter:
            picked = _windows(modality, picked, jitter, local(_places(batch_size, seed, step)))
        fed = picked if len(names) > 1 else picked[examples.sample]
        return fed if labels is None else (fed, tf.gather(labels, indices))

    @_as_written
    def of_replicas(*element):
        element = element if len(element) > 1 else element[0]
        return tf.nest.map_structure(
            lambda values: tf.reshape(values, (*rows.shape, *values.shape[1:])), element
        )

    indices = _shuffled(len(examples), batch_size, seed, first_step)
    fed = indices.enumerate(first_step).map(batch, num_parallel_calls=1)
    if rows is not None and len(rows) > 1:
        fed = fed.map(of_replicas).unbatch()
    # Without this, workers ask each other at every step whether there is more data.
    fed = fed.apply(tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY))
    return fed.prefetch(4).with_options(_options())


def _options():
    options = tf.data.Options()
    # There is nothing to tune, and its sleeping thread delays the end of the process.
    options.autotune.enabled = False
    options.experimental_distribute.auto_shard_policy = tf.data.experimental.AutoShardPolicy.OFF
    return options


def _one_domain(examples, labeled):
    """One domain's samples alone, or with their labels."""
    arrays = {examples.sample: examples.samples} | ({LABEL: examples.labels} if labeled else {})
    names = examples.label_names if labeled else ()
    return dataclasses.replace(examples, arrays=arrays, label_names=names, source_domain=None)


def _shuffled(count, batch_size, seed, first_step):
    """An endless data set of each batch's indices, int (batch_size,), starting at a step."""
    steps_per_epoch = count // batch_size

    @_as_written
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


def _mirrored(modality, arrays, mirrored):
    """Stored arrays, {name: tensor}, of which those examples are mirrored, bool (n,)."""

    def of(samples):
        rows = tf.reshape(mirrored, (-1, *[1] * (samples.shape.rank - 1)))
        return tf.where(rows, modality.flip(samples), samples)

    return {name: of(samples) for name, samples in arrays.items()}


def _places(count, seed, step):
    """Draws two numbers in [0, 1) for each row of the batch of a step: float32 (count, 2)."""
    key = tf.stack([tf.cast(seed, tf.int64), step])
    other = tf.random.experimental.stateless_fold_in(key, 1)  # the coins' numbers are others
    return tf.random.stateless_uniform((count, 2), other)


def _windows(modality, arrays, jitter, places):
    """Scaled arrays, {name: tensor}, enlarged and cropped at places in [0, 1): float32 (n, 2)."""
    side = 1 / (1 + jitter)
    corners = (1 - side) * places
    return {name: modality.window(samples, corners, side) for name, samples in arrays.items()}


def _gatherer(array):
    """Returns a function from indices to rows of an array that works inside tf.data."""
    if isinstance(array, DiskArray):

        def read(indices):
            rows = tf.numpy_function(
                lambda each: array[each], [indices], tf.as_dtype(array.dtype), stateful=False
            )
            return tf.ensure_shape(rows, (indices.shape[0], *array.shape[1:]))

        return read
    shared = _shared(array)
    # Gathering from the variable itself would make TensorFlow copy it first.
    return lambda indices: tf.gather(shared.read_value(), indices)


def _shared(array):
    """Returns an array as a variable that shares its memory.

    As a constant, tf.data would copy it into its graph.
    """
    if not cache.is_aligned(array):
        array, given = cache.aligned(array.shape, array.dtype), array
        array[:] = given
    with tf.device("CPU"):
        tensor = tf.experimental.dlpack.from_dlpack(array.__dlpack__())
        return tf.Variable(tensor, trainable=False)
