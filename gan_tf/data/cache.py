"""Decoded data sets on disk: a folder for each, with a file for each array."""

import contextlib
import hashlib
import json
import math
import os
import pathlib
import shutil
import tempfile

import numpy as np

from gan_tf import modalities
from gan_tf.data import left_out
from gan_tf.data.disk_array import DiskArray
from gan_tf.data.examples import LABEL, Examples
from gan_tf.errors import UserError
from gan_tf.files.array_file import read_npy
from gan_tf.files.atomic_write import sync
from gan_tf.files.json_file import read_json

_ALIGNMENT = 64  # bytes; TensorFlow shares only memory aligned to this
_FACTS = "facts.json"
_LABELS = "labels.npy"
_MOST_BYTES = 1 << 30  # of each of these two


def default_dir():
    """Returns `$XDG_CACHE_HOME/gan_tf`, or `~/.cache/gan_tf`."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(home, "gan_tf")


def folder_of(source, cache_dir):
    """Returns the folder of a data set's decoded examples."""
    digest = hashlib.sha256(str(source.cache_key).encode()).hexdigest()[:16]
    return pathlib.Path(cache_dir) / f"{source.name}-{digest}"


def read(source, folder, in_memory):
    """Reads a data set from its folder.

    Args:
        source: the data set (see `gan_tf.data.source`).
        folder: what `folder_of` returned.
        in_memory: whether to read its arrays into memory; otherwise they are `DiskArray`s.

    Returns:
        `Examples`.

    Raises:
        Exception: of many kinds, when it is missing, damaged, or of another data set.
    """
    facts = read_json(folder / _FACTS, _MOST_BYTES)
    count, dtype = facts["count"], _dtype(source)
    arrays = {}
    for name, shape in source.shapes.items():
        array = DiskArray(folder / _file(name), (count, *shape), dtype)
        arrays[name] = array.read_into(aligned(array.shape, dtype)) if in_memory else array
    if facts["labelled"] != bool(source.label_names):
        raise ValueError("it has other labels")
    if source.label_names:
        arrays[LABEL] = read_npy(folder / _LABELS, _MOST_BYTES)
        _check_labels(arrays[LABEL], count, len(source.label_names))
    return examples(source, arrays, [(str(file), str(reason)) for file, reason in facts["skipped"]])


def write(source, folder, batches):
    """Writes a stream of dicts of arrays to a temporary folder, which is renamed once complete.

    Uses plain writes, not a memory map: they report a full disk, where a map kills the process.

    Raises:
        UserError: when there is no example.
        OSError: when it cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    writing = pathlib.Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    try:
        count, labels = 0, []
        with contextlib.ExitStack() as stack:
            files = {
                name: stack.enter_context(open(writing / _file(name), "wb"))
                for name in source.shapes
            }
            for batch in batches:
                for name, file in files.items():
                    file.write(np.ascontiguousarray(batch[name]).data)
                count += len(batch[source.sample])
                labels += [batch[LABEL]] if LABEL in batch else []
        if not count:
            raise nothing(source)
        if labels:
            np.save(writing / _LABELS, np.concatenate(labels), allow_pickle=False)
        facts = {"count": count, "labelled": bool(labels), "skipped": list(source.skipped)}
        (writing / _FACTS).write_text(json.dumps(facts))
        try:
            sync(writing)  # so that a cache is complete, even after a power cut
            writing.rename(folder)
        except OSError:
            if not folder.exists():  # if another run was faster, its cache is as good
                raise
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def decode(source):
    """Decodes a data set into memory, where TensorFlow can share it; returns `Examples`."""
    dtype = _dtype(source)
    arrays = {
        name: aligned((source.num_examples, *shape), dtype) for name, shape in source.shapes.items()
    }
    labels, count = [], 0
    for batch in source.batches():
        size = len(batch[source.sample])
        for name, array in arrays.items():
            array[count : count + size] = batch[name]
        labels += [batch[LABEL]] if LABEL in batch else []
        count += size
    arrays = {name: array[:count] for name, array in arrays.items()}
    if labels:
        arrays[LABEL] = np.concatenate(labels)
    return examples(source, arrays, source.skipped)


def examples(source, arrays, skipped=()):
    """Returns arrays of a data set as `Examples`."""
    return Examples(
        arrays,
        tuple(source.label_names),
        tuple(skipped),
        source.sample,
        source.modality,
        traits=source.traits,
    )


def nothing(source):
    """Returns the `UserError` for a data set without an example that can be read."""
    plural = modalities.of(source).plural
    reasons = left_out.sentences(source.skipped, plural)
    return UserError(" ".join([f"{source.origin} has no {plural} that can be read.", *reasons]))


def num_bytes(source):
    """Returns the most bytes that a data set takes, labels excluded."""
    modality = modalities.of(source)
    return source.num_examples * sum(map(modality.num_bytes, source.shapes.values()))


def aligned(shape, dtype):
    """Returns an empty array whose memory TensorFlow can share."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size].view(dtype).reshape(shape)


def is_aligned(array):
    """Returns whether TensorFlow can share an array's memory."""
    flags = array.flags
    return not array.ctypes.data % _ALIGNMENT and flags.writeable and flags.c_contiguous


def _dtype(source):
    return np.dtype(modalities.of(source).stored_dtype)


def _file(name):
    return f"{name}.bin"


def _check_labels(labels, count, names):
    """Raises a ValueError if these cannot be the labels of `count` examples."""
    one_each = labels.ndim == 1
    if labels.shape != ((count,) if one_each else (count, names)) or labels.dtype.kind not in "bi":
        raise ValueError(f"{_LABELS} does not fit")
    if one_each and count and not 0 <= labels.min() <= labels.max() < names:
        raise ValueError(f"{_LABELS} holds unknown labels")
