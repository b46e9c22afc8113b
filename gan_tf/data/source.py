"""The contract of a data set, and the base of those that are made of another."""

import abc


class Source(abc.ABC):
    """A data set: what `gan_tf.data.pipeline` decodes.

    Class attributes are literals, which are read without importing TensorFlow.

    Attributes:
        name: for messages and cache files.
        modality: the name of what its samples are (see `gan_tf.modalities`); default "image".
        pairing: how the samples are related to what a generator is given: "single" (default):
            there are samples alone; "paired": to each belongs another array, such as what is
            seen of it; "unpaired": to the whole set belongs another.
        sample_shape: of one sample, such as (height, width, channels).
        num_examples: how many there are at most.
        label_names: names of the classes (or attributes); () without labels.
        skipped: [(file, reason)] of what could not be read, after `batches`.
        cache_key: a str that changes whenever the examples would.
    """

    name = None
    modality = "image"
    pairing = "single"
    cache_key = None
    sample_shape = None
    num_examples = None
    label_names = ()
    skipped = ()

    @property
    def sample(self):
        """The name of the array that a generator imitates."""
        return self.modality

    @property
    def shapes(self):
        """{name: shape} of one example's arrays, but for its label."""
        return {self.sample: tuple(self.sample_shape)}

    @abc.abstractmethod
    def batches(self):
        """Yields {name: (n, ...)}, in a fixed order: the arrays of `shapes`, each of the dtype that
        the modality stores, and "label", int64 (n,) or bool (n, attributes), if there are any.
        """

    def held_out(self):
        """Yields the same of examples that no training uses; by default there are none."""
        return iter(())


class Derived:
    """A data set made of another: what a subclass does not define is the other's.

    Args:
        source: a `Source`.
    """

    def __init__(self, source):
        self._source = source

    def __getattr__(self, name):
        return getattr(self._source, name)
