"""Builds the data set that a configuration describes."""

from gan_tf.data.subset import Subset
from gan_tf.registry import DATASETS


def build(config):
    """Builds the data set of a resolved `Config`, or the chosen part of one.

    No example is read or downloaded yet.

    Returns:
        A data set (see `gan_tf.data.source`).

    Raises:
        UserError: when the data set is not where the flags say, or lacks one of the classes.
    """
    source = DATASETS.build(config.dataset, vars(config))
    part = config.classes, config.leave_out, config.max_images
    return source if part == (None, None, None) else Subset(source, *part)
