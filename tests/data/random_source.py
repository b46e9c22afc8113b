"""Data sets of random images."""

import numpy as np

from gan_tf.data.source import Source

COUNT, BATCH, STEPS_PER_EPOCH = 24, 6, 4


class Random(Source):
    """A data set of random images, each distinct from all others and their mirror images."""

    name = "random"
    sample_shape = (3, 4, 2)

    def __init__(self, count=COUNT, labeled=True, key="key", skipped=()):
        rng = np.random.default_rng(count)
        self.pixels = rng.integers(0, 256, (count, *self.sample_shape), np.uint8)
        self.labels = np.arange(count) if labeled else None
        self.label_names = tuple(map(str, range(count))) if labeled else ()
        self.num_examples = count + len(skipped)
        self.key = key
        self.skipped = list(skipped)
        self.calls = 0

    @property
    def cache_key(self):
        return f"{self.key}-{self.pixels.tobytes().hex()}-{self.labels}-{self.skipped}"

    def batches(self):
        self.calls += 1
        for start in range(0, len(self.pixels), 10):
            part = slice(start, start + 10)
            labels = {} if self.labels is None else {"label": self.labels[part]}
            yield {"image": self.pixels[part]} | labels


class Pairs(Random):
    """To each image belongs a target of another shape, whose pixels are all the image's index."""

    pairing = "paired"
    sample = "target"
    shapes = {"image": (3, 4, 2), "target": (2, 2, 1)}

    def batches(self):
        start = 0
        for batch in super().batches():
            count = len(batch["image"])
            indices = np.arange(start, start + count, dtype=np.uint8)
            yield batch | {"target": np.tile(indices[:, None, None, None], (1, 2, 2, 1))}
            start += count
