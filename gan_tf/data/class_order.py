"""A data set with its classes in the order of a run that was trained on it."""

import numpy as np

from gan_tf.data.class_names import visual_key
from gan_tf.data.examples import LABEL
from gan_tf.data.source import Derived


class InOrder(Derived):
    """A data set with its classes in another order, and by other names that look the same.

    Args:
        source: a data set whose labels are classes.
        label_names: the names, in the order wanted.
    """

    def __init__(self, source, label_names):
        super().__init__(source)
        self.label_names = tuple(label_names)
        places = {visual_key(name): index for index, name in enumerate(label_names)}
        self._indices = np.array([places[visual_key(name)] for name in source.label_names])

    @property
    def cache_key(self):
        return f"{self._source.cache_key}-order {self.label_names}"

    def changed(self, batch):
        """Returns the batch with labels in this order."""
        return batch | {LABEL: self._indices[batch[LABEL]]}


def in_order(source, label_names):
    """Returns a data set with the classes in the order of a run that was trained on it.

    Args:
        source: a data set (see `gan_tf.data.source`).
        label_names: the run's names of the classes.

    Returns:
        The data set itself if its classes are already in this order, or are others.
    """
    mine, theirs = (list(map(visual_key, each)) for each in (source.label_names, label_names))
    if tuple(source.label_names) == tuple(label_names) or len(set(mine)) < len(mine):
        return source
    return InOrder(source, label_names) if sorted(mine) == sorted(theirs) else source
