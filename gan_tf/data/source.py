"""The contract of a data set, and the base of those derived from another."""

import abc

from gan_tf.data.examples import SOURCE, TARGET


class Source(abc.ABC):
    """A data set: what `gan_tf.data.pipeline` decodes.

    Class attributes are literals, which are read without importing TensorFlow.

    Attributes:
        name: for messages and cache files.
        modality: the modality of its samples (see `gan_tf.modalities`); default "image".
        draws_text: whether it has a method `sources` that draws the characters of a text.
        checked_early: whether it is quick to build, and that without TensorFlow: a training then does so
            before TensorFlow is imported, so that errors of its options and files are told at once.
        pairing: how the samples relate to a generator's inputs: "single" (default): there are
            samples only; "paired": each has a counterpart, such as a degraded copy; "unpaired":
            the set as a whole has a counterpart, its `source_domain` (see `gan_tf.data.domains`).
        sample_shape: of one sample, such as (height, width, channels).
        num_examples: an upper bound of the number of examples.
        label_names: names of the classes (or attributes); () without labels.
        traits: {argument: value} of the modality: what it must know of the data besides their
            shape, such as a vocabulary; numbers, strings, and lists of them.
        knows: what can be computed exactly of any sample, which some metrics need: "likelihood":
            `nll(samples)`, per token; "grammar": `accepts(samples)`, whether the distribution can
            make it; "motifs": `sites(samples)`, what could be a motif; "nucleotides", "amino_acids": that
            the tokens are those of DNA or RNA, of proteins; "text": that they are words or characters;
            "rhymes": `rhymes(word, other)`, whether these rhyme; "motion": how things move in videos, see
            `gan_tf.data.moving_digits`.
        skipped: [(file, reason)] of files that were left out, complete after `batches`.
        notes: sentences about how the data are read that a user should know, complete after `batches`.
        cache_key: a str that changes whenever the examples would.
    """

    name = None
    modality = "image"
    draws_text = False
    checked_early = False
    pairing = "single"
    cache_key = None
    sample_shape = None
    num_examples = None
    label_names = ()
    traits = {}
    knows = ()
    skipped = ()
    notes = ()

    @property
    def origin(self):
        """What the data are, or where they lie, for messages."""
        return f"The data set '{self.name}'"

    @property
    def sample(self):
        """The name of the array that a generator imitates."""
        return self.modality

    @property
    def shapes(self):
        """{name: shape} of one example's arrays, label excluded."""
        return {self.sample: tuple(self.sample_shape)}

    def hold_out(self):
        """Holds out a part of the examples if there are no held-out ones yet; default: does nothing.

        Called once, before anything is read, where the examples become pairs: translations are
        shown and scored on pairs that the networks are not trained on.
        """
        return

    def check_readable(self):
        """Raises a `UserError` if a look at few files tells that none can be read; default: nothing."""
        return

    @abc.abstractmethod
    def batches(self):
        """Yields {name: (n, ...)}, in a fixed order: the arrays of `shapes`, in the modality's stored
        dtype, and "label", int64 (n,) or bool (n, attributes), if there are labels.
        """

    def content(self, skipped=(), classes=None):
        """Returns a short str by which the examples are recognized wherever they lie.

        It changes when examples, their labels or their order do, and is cheap: not every file is read
        to its end. It can depend on how they are stored.

        Args:
            skipped: of the decoded `Examples`: files that do not count.
            classes: the indices of the classes that count; None: all.

        Returns:
            The str, or None (the default) if there is no such check.
        """
        return None

    def held_out(self):
        """Yields the same for held-out examples, which are never trained on; default: none."""
        return iter(())


def source_shape(source):
    """Returns the shape of what a translation starts from, of a data set; () if it has no such thing."""
    if source.pairing == "unpaired":
        return tuple(source.source_domain.sample_shape)
    return tuple(source.shapes[SOURCE]) if source.sample == TARGET else ()


class Derived:
    """A data set derived from another: what a subclass does not define is the other's.

    Args:
        source: a `Source`.
    """

    def __init__(self, source):
        self._source = source

    def __getattr__(self, name):
        return getattr(self._source, name)

    def changed(self, batch):
        """Returns a batch of the other data set as one of this; default: the same."""
        return batch

    def batches(self):
        """Yields the other's batches, changed."""
        return map(self.changed, self._source.batches())

    def held_out(self):
        """Yields the other's held-out batches, changed."""
        return map(self.changed, self._source.held_out())
