"""Two data sets that a translation goes between, without pairs: domains A and B."""

import hashlib

import numpy as np

from gan_tf.data.class_order import in_order
from gan_tf.data.examples import SOURCE, TARGET
from gan_tf.data.source import Derived, Source
from gan_tf.errors import UserError


class Domains(Source):
    """Domain A, `source_domain`, and domain B, `target_domain`, of any numbers of images.

    As a data set it is that of domain B, whose samples, labels and held-out examples it has. The domains
    have the same number of channels: gray images become RGB where the others are RGB. Where they have
    the same classes, these are in the order of B. Some images of each are held out (see
    `Source.hold_out`).

    Args:
        source_domain, target_domain: data sets of images (see `gan_tf.data.source`).

    Raises:
        UserError: when the images have different sizes.
    """

    pairing = "unpaired"

    def __init__(self, source_domain, target_domain):
        first, second = source_domain, target_domain
        if first.sample_shape[:2] != second.sample_shape[:2]:
            raise UserError(
                f"{first.origin} has images of {first.sample_shape[0]} pixels and {second.origin} of "
                f"{second.sample_shape[0]}: give --image_size, which is for both."
            )
        channels = max(each.sample_shape[-1] for each in (first, second))
        first, second = (
            each if each.sample_shape[-1] == channels else InColor(each) for each in (first, second)
        )
        for each in (first, second):
            each.hold_out()
        if first.label_names and second.label_names:
            first = in_order(first, second.label_names)
        self.source_domain, self.target_domain = first, second
        self.modality, self.sample_shape = second.modality, second.sample_shape

    def reversed(self):
        """Returns the same with A and B exchanged."""
        return Domains(self.target_domain, self.source_domain)

    @property
    def name(self):
        return " and ".join(dict.fromkeys(each.name for each in self._both))

    @property
    def _both(self):
        return self.source_domain, self.target_domain

    @property
    def origin(self):
        return " and ".join(dict.fromkeys(each.origin for each in self._both))

    @property
    def cache_key(self):
        return f"{self.source_domain.cache_key} to {self.target_domain.cache_key}"

    @property
    def num_examples(self):
        """Of the larger domain."""
        return max(each.num_examples for each in self._both)

    @property
    def label_names(self):
        return self.target_domain.label_names

    @property
    def shared_classes(self):
        """The names of the classes that both domains have; () if they have none, or others."""
        first, second = (tuple(each.label_names) for each in self._both)
        return second if first == second and len(second) > 1 else ()

    @property
    def skipped(self):
        return list(dict.fromkeys(tuple(file) for each in self._both for file in each.skipped))

    @property
    def notes(self):
        return list(dict.fromkeys(note for each in self._both for note in each.notes))

    def check_readable(self):
        for each in self._both:
            each.check_readable()

    def batches(self):
        """Yields the batches of domain B."""
        return self.target_domain.batches()

    def held_out(self):
        """Yields the held-out batches of domain B."""
        return self.target_domain.held_out()

    def content(self, skipped=(), classes=None):
        """Returns that of both domains."""
        found = [each.content(skipped, classes) for each in self._both]
        return None if None in found else hashlib.sha256(str(found).encode()).hexdigest()


class Side(Derived):
    """One side of a paired data set, as a data set of its own: its sources or its targets.

    Args:
        source: a paired data set.
        side: `SOURCE` or `TARGET`.
    """

    pairing = "single"
    sample = "image"

    def __init__(self, source, side):
        super().__init__(source)
        self._side = side
        self.sample_shape = tuple(source.shapes[side])

    @property
    def shapes(self):
        return {self.sample: self.sample_shape}

    @property
    def cache_key(self):
        return f"{self._source.cache_key}-{self._side} alone"

    def changed(self, batch):
        """Returns the batch without the other side."""
        others = {name: each for name, each in batch.items() if name not in (SOURCE, TARGET)}
        return {self.sample: batch[self._side]} | others


class InColor(Derived):
    """A data set of gray images, as RGB ones."""

    def __init__(self, source):
        super().__init__(source)
        self.sample_shape = (*source.sample_shape[:2], 3)

    @property
    def shapes(self):
        return {self.sample: self.sample_shape}

    @property
    def cache_key(self):
        return f"{self._source.cache_key}-RGB"

    def changed(self, batch):
        """Returns the batch with three equal channels."""
        return batch | {self.sample: np.repeat(batch[self.sample], 3, axis=-1)}
