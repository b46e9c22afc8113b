"""From a data set to batches: decoded once, cached as uint8, shuffled by epoch."""

import contextlib
import dataclasses
import hashlib
import json
import math
import os
import pathlib
import shutil
import tempfile

import numpy as np
import tensorflow as tf

from gan_tf import errors
from gan_tf.data.disk_pixels import DiskPixels
from gan_tf.errors import UserError
from gan_tf.files.json_file import read_json
from gan_tf.registry import MODALITIES

_ALIGNMENT = 64  # bytes; TensorFlow takes no memory that begins elsewhere


@dataclasses.dataclass(frozen=True)
class Images:
    """A whole data set, decoded.

    Attributes:
        pixels: uint8 (n, height, width, channels); a `DiskPixels` when on disk.
        labels: int64 (n,), bool (n, attributes), or None.
        label_names: names of the classes or attributes; () without labels.
        skipped: [(file, reason)] of what could not be read.
        sample: the modality of the samples.
    """

    pixels: np.ndarray
    labels: np.ndarray | None
    label_names: tuple = ()
    skipped: tuple = ()
    sample: str = "image"


def load(source, memory_budget=1 << 30, cache_dir=None):
    """Decodes a data set once: what is decoded is kept in `cache_dir`, for the next run.

    Args:
        source: a data set (see `gan_tf.data`).
        memory_budget: bytes; a larger data set is read from its file in `cache_dir`, image by
            image, a smaller one is held in memory. Default 1 GiB.
        cache_dir: default: `gan_tf` in the user's cache directory.

    Returns:
        `Images`.

    Raises:
        UserError: when no image can be read, or the cache of a data set that has to be
            mapped cannot be written.
    """
    if hasattr(source, "prepare"):
        source.prepare()  # so that it knows its size
    folder = _cache(source, pathlib.Path(cache_dir or default_cache_dir()))
    in_memory = source.num_images * math.prod(source.image_shape) <= memory_budget
    with contextlib.suppress(Exception):
        # Otherwise it is not there, or damaged, which shows in many ways.
        return _read_cache(source, folder, in_memory)
    if not in_memory:
        print(f"{source.name}: larger than the memory budget; decoding to '{folder}'.", flush=True)
        with errors.writing(folder):
            _write_cache(source, folder, source.batches())
        return _read_cache(source, folder, in_memory)
    images = _decode(source)
    with contextlib.suppress(OSError, UserError):  # of no image; only the next run's time is lost
        _write_cache(source, folder, [(images.pixels, images.labels)])
    return images


def default_cache_dir():
    """Returns `$XDG_CACHE_HOME/gan_tf`, or `~/.cache/gan_tf`."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "gan_tf")


def _cache(source, cache_dir):
    """The folder of a data set's decoded images."""
    digest = hashlib.sha256(str(source.cache_key).encode()).hexdigest()[:16]
    return cache_dir / f"{source.name}-{digest}"


def _decode(source):
    """Decodes a data set into memory."""
    pixels = _aligned((source.num_images, *source.image_shape))
    labels, count = [], 0
    for images, batch_labels in source.batches():
        pixels[count : count + len(images)] = images
        labels.append(batch_labels)
        count += len(images)
    known = bool(labels) and labels[0] is not None
    return Images(
        pixels[:count],
        np.concatenate(labels) if known else None,
        tuple(source.label_names),
        tuple(source.skipped),
    )


def _aligned(shape):
    """Returns an uint8 array that TensorFlow can share."""
    size = math.prod(shape)
    memory = np.empty(size + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size].reshape(shape)


def _read_cache(source, folder, in_memory):
    facts = read_json(folder / "facts.json", most=1 << 30)
    count = facts["count"]
    pixels = DiskPixels(folder / "pixels.bin", (count, *source.image_shape))
    if in_memory:
        pixels = pixels.read_into(_aligned(pixels.shape))
    labels = np.load(folder / "labels.npy", allow_pickle=False) if facts["labelled"] else None
    _check_labels(labels, count, source.label_names)
    skipped = tuple((str(file), str(reason)) for file, reason in facts["skipped"])
    return Images(pixels, labels, tuple(source.label_names), skipped)


def _check_labels(labels, count, names):
    """Raises a ValueError where these cannot be the labels of so many images."""
    if (labels is not None) != bool(names):
        raise ValueError("it is of other labels")
    if labels is None:
        return
    one_each = labels.ndim == 1
    if (
        labels.shape != ((count,) if one_each else (count, len(names)))
        or labels.dtype.kind not in "bi"
    ):
        raise ValueError("labels.npy does not fit")
    if one_each and count and not 0 <= labels.min() <= labels.max() < len(names):
        raise ValueError("labels.npy holds labels that there are not")


def _write_cache(source, folder, batches):
    """Writes batches into a folder beside, which is renamed when it is whole.

    Plain writes, not a writable map: those report a full disk, a map kills the process.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    writing = pathlib.Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    try:
        count, labels = 0, []
        with open(writing / "pixels.bin", "wb") as file:
            for images, batch_labels in batches:
                file.write(np.ascontiguousarray(images).data)
                count += len(images)
                labels.append(batch_labels)
        if not count:
            raise UserError(f"The data set '{source.name}' has no image that can be read.")
        labelled = labels[0] is not None
        if labelled:
            np.save(writing / "labels.npy", np.concatenate(labels), allow_pickle=False)
        facts = {"count": count, "labelled": labelled, "skipped": list(source.skipped)}
        (writing / "facts.json").write_text(json.dumps(facts))
        try:
            _sync(writing)  # a cache that is there is whole, after a power cut too
            writing.rename(folder)
        except OSError:
            if not folder.exists():  # where another run has been faster, its cache is as good
                raise
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def _sync(folder):
    for path in folder.iterdir():
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def batches(images, batch_size, seed=0, first_step=0, flip=False, rows=None):
    """Feeds batches for ever, from any step on.

    The order is a function of `seed` and the epoch alone, so that a run that begins at
    step n is fed what an uninterrupted run is fed from step n on. Each epoch is a new
    permutation of all images, cut into whole batches.

    Args:
        images: `Images`.
        batch_size: images in a batch.
        seed: any int.
        first_step: how many batches have been used before.
        flip: whether each image is mirrored left to right with probability 1/2.
        rows: int (replicas, n): the rows of each batch that each of the replicas here is fed,
            which is then an element for each of them; default: all rows in one element.

    Returns:
        A `tf.data.Dataset` of float32 (batch or n, height, width, channels) in [-1, 1], or of
        pairs of that and labels where there are labels.
    """
    count = len(images.pixels)
    steps_per_epoch = count // batch_size
    gather = _gatherer(images.pixels)
    modality = MODALITIES.build(images.sample)
    labels = None if images.labels is None else tf.convert_to_tensor(images.labels)

    def order(epoch):
        permutation = tf.random.experimental.stateless_shuffle(
            tf.range(count), seed=tf.stack([tf.cast(seed, tf.int64), epoch])
        )
        whole = permutation[: steps_per_epoch * batch_size]
        return tf.data.Dataset.from_tensor_slices(tf.reshape(whole, (-1, batch_size)))

    def here(of_batch):
        return of_batch if rows is None else tf.gather(of_batch, rows.reshape(-1))

    def batch(step, indices):
        indices = here(indices)
        picked = gather(indices)
        if flip:
            mirrored = tf.random.stateless_uniform(
                (batch_size, 1, 1, 1), tf.stack([tf.cast(seed, tf.int64), step])
            )
            picked = tf.where(here(mirrored) < 0.5, picked[:, :, ::-1], picked)
        scaled = modality.to_network(picked)
        return scaled if labels is None else (scaled, tf.gather(labels, indices))

    def of_replicas(values):
        return tf.reshape(values, (*rows.shape, *values.shape[1:]))

    first_epoch, into_epoch = divmod(first_step, steps_per_epoch)
    epochs = tf.data.Dataset.range(first_epoch, np.iinfo(np.int64).max)
    indices = epochs.flat_map(order).skip(into_epoch)
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


def _gatherer(pixels):
    """Returns a function of indices to images that works inside tf.data."""
    if isinstance(pixels, DiskPixels):

        def read(indices):
            images = tf.numpy_function(
                lambda each: pixels[each], [indices], tf.uint8, stateful=False
            )
            return tf.ensure_shape(images, (indices.shape[0], *pixels.shape[1:]))

        return read
    shared = _shared(pixels)
    # Not of the variable itself, for which TensorFlow would copy it first.
    return lambda indices: tf.gather(shared.read_value(), indices)


def _shared(pixels):
    """Returns a uint8 array as a variable in the same memory: images are there once.

    As a constant, tf.data would copy them into its graph.
    """
    if pixels.ctypes.data % _ALIGNMENT or not (
        pixels.flags.writeable and pixels.flags.c_contiguous
    ):
        pixels, given = _aligned(pixels.shape), pixels
        pixels[:] = given
    with tf.device("CPU"):
        tensor = tf.experimental.dlpack.from_dlpack(pixels.__dlpack__())
        return tf.Variable(tensor, trainable=False)
