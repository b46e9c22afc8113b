"""Images from arbitrary files, each opened once; unreadable ones are left out."""

import abc
import collections
import concurrent.futures
import os

import numpy as np
from tqdm import tqdm

from gan_tf.data.examples import LABEL
from gan_tf.data.source import Source

_BATCH = 512


class FileImages(Source):
    """Base of the data sets that read files: `items` lists them, `read` decodes one.

    Subclasses set `name`, `sample_shape`, `label_names` and `cache_key`, and define the
    two methods below. Files that `read` refuses end up in `skipped`.
    """

    def __init__(self):
        self.skipped = []

    @property
    def num_examples(self):
        return len(self.items())

    @abc.abstractmethod
    def items(self):
        """Returns [(file, label or None)], in a fixed order."""

    @abc.abstractmethod
    def read(self, file):
        """Returns uint8 `sample_shape`; raises an OSError or ValueError with the reason on failure."""

    def batches(self):
        """Yields {"image": uint8}, with "label" if labeled; fills `skipped`; shows a progress bar."""
        self.skipped.clear()
        images, labels = [], []
        for (file, label), outcome in self._decoded():
            if isinstance(outcome, Exception):
                self.skipped.append((file, " ".join(str(outcome).split()) or "unreadable"))
                continue
            images.append(outcome)
            labels.append(label)
            if len(images) == _BATCH:
                yield self._batch(images, labels)
                images, labels = [], []
        if images:
            yield self._batch(images, labels)

    def _batch(self, images, labels):
        batch = {"image": np.stack(images)}
        return batch | {LABEL: np.asarray(labels)} if self.label_names else batch

    def _decoded(self):
        """Yields (item, image or exception) in order, decoded on all cores, a few ahead."""
        items = self.items()
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            waiting = collections.deque()
            for item in tqdm(items, desc=f"{self.name}: checking", unit="file", leave=False):
                waiting.append((item, pool.submit(self._attempt, item[0])))
                if len(waiting) >= 64:
                    item, future = waiting.popleft()
                    yield item, future.result()
            for item, future in waiting:
                yield item, future.result()

    def _attempt(self, file):
        try:
            return self.read(file)
        except (OSError, ValueError, SyntaxError, MemoryError) as error:
            # Pillow raises SyntaxError for some broken PNG files.
            return error
