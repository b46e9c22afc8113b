"""Examples: a data set, decoded, as named arrays of equal length."""

import dataclasses

import numpy as np

LABEL = "label"
SOURCE, TARGET = "image", "target"  # of paired data


@dataclasses.dataclass(frozen=True)
class Examples:
    """A data set, or a part of one: named arrays of equal length.

    Attributes:
        arrays: {name: (n, ...)}: the samples, stored as their modality defines (see
            `gan_tf.modalities`), such as "image": uint8 (n, height, width, channels); optionally
            "label": int64 (n,), or bool (n, attributes); in paired data, further arrays. Those
            read from disk on demand are `DiskArray`s.
        label_names: names of the classes or attributes; () without labels.
        skipped: ((file, reason), ...) of what was left out.
        sample: the name of the array that a generator imitates.
        modality: the name of the modality of all arrays but the labels.
        source_domain: in unpaired data, the `Examples` of domain A, of any number; these are those of
            domain B. None: there is no other domain.
        traits: what the modality must know of the data (see `gan_tf.data.source`).

    Raises:
        ValueError: when the arrays differ in length, or `sample` is not one of them.
    """

    arrays: dict
    label_names: tuple = ()
    skipped: tuple = ()
    sample: str = "image"
    modality: str = "image"
    source_domain: "Examples | None" = None
    traits: dict = dataclasses.field(default_factory=dict)

    def __post_init__(self):
        if self.sample not in self.arrays:
            raise ValueError(f"there is no '{self.sample}' among {', '.join(self.arrays)}")
        if len({len(each) for each in self.arrays.values()}) > 1:
            raise ValueError("the arrays differ in length")

    def __len__(self):
        return len(self.samples)

    @property
    def samples(self):
        """What a generator imitates: (n, ...)."""
        return self.arrays[self.sample]

    @property
    def sources(self):
        """What a translation starts from, (n, ...): of paired data, or of domain A; else None."""
        if self.source_domain:
            return self.source_domain.samples
        return self.arrays[SOURCE] if self.sample == TARGET else None

    @property
    def source_shape(self):
        """The shape of one of `sources`; () without these."""
        return () if self.sources is None else self.sources.shape[1:]

    @property
    def domains(self):
        """The domains of unpaired data, B and A; of others, these examples alone."""
        return (self, self.source_domain) if self.source_domain else (self,)

    @property
    def same_classes(self):
        """Whether there are two domains, with labels of the same classes."""
        names = [each.label_names for each in self.domains if each.classes is not None]
        return len(names) == 2 and names[0] == names[1] and len(names[0]) > 1

    @property
    def in_epoch(self):
        """How many examples make an epoch: of the larger domain."""
        return max(map(len, self.domains))

    def reversed(self):
        """Returns unpaired examples with A and B exchanged."""
        there = dataclasses.replace(self, source_domain=None)
        return dataclasses.replace(self.source_domain, source_domain=there)

    @property
    def labels(self):
        """int64 (n,), bool (n, attributes), or None."""
        return self.arrays.get(LABEL)

    @property
    def classes(self):
        """int64 (n,): the labels if each example has exactly one; None otherwise."""
        return None if self.labels is None or self.labels.ndim > 1 else self.labels

    @property
    def problem(self):
        """The `UserError` that reading an array from disk ended with, or None (see `DiskArray`)."""
        arrays = (array for each in self.domains for array in each.arrays.values())
        problems = (getattr(each, "problem", None) for each in arrays)
        return next(filter(None, problems), None)


def collect(batches, count=None):
    """Joins a stream of dicts of arrays.

    Args:
        batches: yields {name: (n, ...)}, the same names each time.
        count: how many examples to take from the beginning; None: all.

    Returns:
        {name: array}; {} if the stream is empty.
    """
    parts, found = [], 0
    for batch in batches:
        part = batch
        if count is not None:
            part = {name: array[: count - found] for name, array in batch.items()}
        parts.append(part)
        found += len(next(iter(part.values())))
        if found == count:
            break
    return {name: np.concatenate([part[name] for part in parts]) for name in next(iter(parts), ())}


def select(batch, rows):
    """Returns those rows of each array of a dict."""
    return {name: array[rows] for name, array in batch.items()}
