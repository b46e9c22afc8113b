"""Builds the data set that a configuration describes."""

from gan_tf.data.subset import Subset
from gan_tf.registry import DATASETS


def build(config):
    """Builds the data set of a resolved `Config`, or the part of it that it asks for.

    Nothing is read or downloaded yet.

    Returns:
        A data set (see `gan_tf.data.source`).

    Raises:
        UserError: when there is no such data set where the flags say, or no such class in it.
    """
    source = DATASETS.build(config.dataset, vars(config))
    part = config.classes, config.leave_out, config.max_images
    return source if part == (None, None, None) else Subset(source, *part)
