"""Samples to write, and what writes them."""

import numpy as np

from gan_tf.modalities.image import Image
from gan_tf.registry import FORMATS
from gan_tf.sampling.formats.format import Generated, Job

PIXELS = np.random.default_rng(0).integers(0, 256, (7, 6, 8, 3), np.uint8)
FACTS = {"reject": "drs"}
RUNS = ({"run": "one", "checkpoint": 5}, {"run": "two", "checkpoint": 6})


def batches(pixels=PIXELS, size=3):
    """Yields `Generated` of some samples."""
    number = np.arange(len(pixels))
    made = Generated(pixels, {"seed": number * 0 + 4, "number": number, "run": number % 2})
    return (made[at : at + size] for at in range(0, len(pixels), size))


def job(count=7, shape=(6, 8, 3), **changes):
    """Returns a `Job`."""
    modality = changes.pop("modality", Image())
    return Job(count, modality, shape, **dict(name="x", facts=FACTS, runs=RUNS) | changes)


def written(spec, out, stream=None, **changes):
    """Writes samples in a format; returns where."""
    FORMATS.build(spec).write(out, stream or batches(), job(**changes))
    return out
