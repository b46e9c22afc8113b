"""Images, or other samples, from arbitrary files, each opened once; unreadable ones are left out."""

import abc
import collections
import concurrent.futures
import contextlib
import hashlib
import math
import os

import numpy as np

from gan_tf.data.examples import LABEL
from gan_tf.data.source import Source
from gan_tf.messages import progress_bar

UNREADABLE = (OSError, ValueError, SyntaxError, MemoryError)  # SyntaxError: some broken PNG files
_BATCH = 512
_AHEAD = 64  # files that are decoded ahead
_MOST_VALUES = 1 << 28  # of the samples in memory, by either
_HELD_OUT = 20  # one file in this many
_COMPARED = 256  # files whose beginnings are compared
_BEGINNING = 1 << 16  # bytes


class FileImages(Source):
    """Base of the data sets that read files: `items` lists them, `read` decodes one.

    Subclasses set `name`, `sample_shape`, `label_names`, `cache_key` and `_items`, what `items`
    returns, and define the abstract methods. Files that `read` refuses end up in `skipped`, after
    those in `left_out`, which subclasses fill with files that are not items: [(file, reason)].
    """

    def __init__(self):
        self.left_out = []
        self.skipped = []
        self._unread = set()
        self._items, self._held_out = [], []

    @property
    def num_examples(self):
        return len(self.items())

    def items(self):
        """Returns [(file, label or None)], in a fixed order, without what is held out."""
        return self._items

    def read_items(self):
        """Returns the items whose images `batches` has yielded, in their order."""
        return [item for item in self.items() if item[0] not in self._unread]

    def full_name(self, file):
        """Returns the name of an item as the user knows it, for messages."""
        return file

    @abc.abstractmethod
    def size(self, file):
        """Returns the size of a file in bytes; None if it has vanished."""

    @abc.abstractmethod
    def open(self, file):
        """Returns a file, open for reading bytes; raises an OSError or ValueError on failure."""

    @abc.abstractmethod
    def read(self, file):
        """Returns a stored sample; raises an OSError or ValueError with the reason on failure."""

    def content(self, skipped=(), classes=None):
        """Returns a digest of all sizes and labels, in order, and of what is in some of the files.

        Names do not count.
        """
        left_out = {file for file, _ in skipped}
        kept = [
            (file, label)
            for file, label in self.items()
            if self.full_name(file) not in left_out
            and (classes is None or np.ndim(label) or label in classes)
        ]
        digest = hashlib.sha256()
        for file, label in kept:
            digest.update(f"{self.size(file)} {np.ravel(label).tolist()}\n".encode())
        for index in np.linspace(0, len(kept) - 1, min(len(kept), _COMPARED)).astype(int):
            with contextlib.suppress(OSError, ValueError), self.open(kept[index][0]) as opened:
                digest.update(hashlib.sha256(opened.read(_BEGINNING)).digest())
        return digest.hexdigest()

    def hold_out(self):
        """Holds out one file in 20, and at least one of two: those with the smallest hash of their names.

        So the choice is the same everywhere, and hardly changes when files are added.
        """
        if self._held_out:
            return

        def key(item):
            return hashlib.sha256(item[0].encode(errors="surrogatepass")).digest()

        count = max(len(self._items) // _HELD_OUT, min(1, len(self._items) - 1))
        self._held_out = sorted(self._items, key=key)[: max(0, count)]
        held_out = {file for file, _ in self._held_out}
        self._items = [item for item in self._items if item[0] not in held_out]

    def batches(self):
        """Yields {"image": uint8}, or samples of another modality, with "label"; fills `skipped`.

        What is held out is read too, so that `skipped` is complete.
        """
        self.skipped[:] = self.left_out
        self._unread.clear()
        yield from self._batches(self.items(), self.skipped)
        if self._held_out:
            for _ in self._batches(self._held_out, self.skipped):
                pass

    def held_out(self):
        """Yields the same for what is held out."""
        if self._held_out:
            yield from self._batches(self._held_out, [])

    def _batches(self, items, skipped):
        images, labels = [], []
        for (file, label), outcome in self._decoded(items):
            if isinstance(outcome, Exception):
                skipped.append((self.full_name(file), reason_of(outcome)))
                self._unread.add(file)
                continue
            images.append(outcome)
            labels.append(label)
            if len(images) == self._at_once(_BATCH):
                yield self._batch(images, labels)
                images, labels = [], []
        if images:
            yield self._batch(images, labels)

    def _batch(self, images, labels):
        batch = {self.sample: np.stack(images)}
        return batch | {LABEL: np.asarray(labels)} if self.label_names else batch

    def _decoded(self, items):
        """Yields (item, image or exception) in order, decoded on all cores, a few ahead."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            waiting = collections.deque()
            for item in progress_bar(items, desc=f"{self.name}: checking", unit="file"):
                waiting.append((item, pool.submit(self._attempt, item[0])))
                if len(waiting) >= self._at_once(_AHEAD):
                    item, future = waiting.popleft()
                    yield item, future.result()
            for item, future in waiting:
                yield item, future.result()

    def _at_once(self, most):
        return max(1, min(most, _MOST_VALUES // math.prod(self.sample_shape)))

    def _attempt(self, file):
        try:
            return self.read(file)
        except UNREADABLE as error:
            return error


def reason_of(error):
    """Returns why a file could not be read, one line, from what reading it raised."""
    text = getattr(error, "strerror", None) or str(error)
    return " ".join(text.split()) or "unreadable"
