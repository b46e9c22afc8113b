"""Streams of samples, collected with their features."""

import dataclasses
import math
import tempfile

import numpy as np

from gan_tf.evaluation import ranks
from gan_tf.metrics.metric import Sample

BATCH = 500
_IN_MEMORY = 1 << 29  # bytes; a larger array goes to a temporary file


def collect(batches, count, extractor, keep_samples):
    """Extracts the features of a stream of samples.

    Args:
        batches: yields (stored samples (b, *shape), int labels (b,) or None), and, of a translation both
            ways, also the rows of `Sample.cycles`.
        count: the maximum number to take.
        extractor: a feature extractor, see `gan_tf.features`.
        keep_samples: whether to keep the samples themselves, too.

    Returns:
        A `Sample`. Arrays of more than 512 MB are in temporary files.
    """

    def found():
        for samples, labels, *cycles in batches:
            features, probabilities = extractor(samples)
            yield {
                "samples": samples if keep_samples else None,
                "features": features,
                "probabilities": probabilities,
                "labels": labels,
                "cycles": cycles[0] if cycles else None,
                "ranks": ranks.ranks(samples),
            }

    arrays = {"samples": None}
    gather(arrays, found(), count)
    return Sample(**arrays)


def batches_of(samples, labels, rows):
    """Yields batches of those rows: (samples, labels or None)."""
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        yield samples[some], None if labels is None else labels[some]


def by_rank(sample):
    """A `Sample`, sorted by rank."""
    order = ranks.order(sample.ranks, sample.labels)
    if np.array_equal(order, np.arange(len(order))):
        return sample
    arrays = {"samples": None}
    of_generator = sample.of_generator
    own = dataclasses.replace(sample, **dict.fromkeys(of_generator))
    parts = (vars(own[order[at : at + BATCH]]) for at in range(0, len(order), BATCH))
    gather(arrays, parts, len(order))
    return Sample(**arrays, **of_generator)


def noise(modality, count, shape):
    """Yields batches of a modality's noise: (stored (b, *shape), None), `count` samples in total."""
    random = np.random.default_rng(0)
    for start in range(0, count, BATCH):
        yield modality.noise(random, (min(BATCH, count - start), *shape)), None


def gather(arrays, parts, count):
    """Collects a stream of dicts of batches in a dict of arrays, at most `count` rows.

    Values of None are left out. Arrays of more than 512 MB are in temporary files.
    """
    done, made = 0, {}
    for part in parts:
        size = min(count - done, max(len(each) for each in part.values() if each is not None))
        for name, batch in part.items():
            if batch is None:
                continue
            if name not in made:
                made[name] = _empty((count, *batch.shape[1:]), batch.dtype)
            made[name][done : done + size] = batch[:size]
        done += size
        if done == count:
            break
    arrays |= {name: array[:done] for name, array in made.items()}


def _empty(shape, dtype):
    """An empty array in memory, or, if it is large, in an unnamed temporary file."""
    if math.prod(shape) * dtype.itemsize <= _IN_MEMORY:
        return np.empty(shape, dtype)
    return np.memmap(tempfile.TemporaryFile(), dtype, "w+", shape=shape)
