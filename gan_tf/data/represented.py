"""Data whose samples networks see in another form."""

import dataclasses

from gan_tf import modalities
from gan_tf.data.source import Derived
from gan_tf.options.modality import MOMENTS, REPRESENTATION


class RepresentedData(Derived):
    """A data set whose modality has a representation.

    Args:
        source: the data set.
        representation: the spec of an entry of `REPRESENTATIONS`.
    """

    def __init__(self, source, representation):
        super().__init__(source)
        self.traits = source.traits | {REPRESENTATION: representation}


def measured(examples, known=None):
    """Returns `Examples` with the traits that their modality measures on them.

    Args:
        examples: the training data.
        known: traits of a run that has measured them before; None: there is none.
    """
    if known and MOMENTS in known:
        added = {MOMENTS: known[MOMENTS]}
    else:
        added = modalities.of(examples).measure(examples.samples)
    return dataclasses.replace(examples, traits=examples.traits | added)
