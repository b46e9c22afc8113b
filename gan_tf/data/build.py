"""Builds the data set that a configuration describes."""

from gan_tf.data.class_order import in_order
from gan_tf.data.derived_pairs import DerivedPairs
from gan_tf.data.subset import Subset
from gan_tf.errors import UserError
from gan_tf.options.option import text_problem
from gan_tf.registry import DATASETS


def build(config, label_names=None):
    """Builds the data set of a resolved `Config`, or the chosen part of one.

    No example is downloaded or decoded yet, except those that tell classes from other folders.

    Args:
        config: the `Config`.
        label_names: of a run that was trained on the data: the classes keep its order (see
            `gan_tf.data.class_order.in_order`).

    Returns:
        A data set (see `gan_tf.data.source`).

    Raises:
        UserError: when the data set is not where the flags say, or lacks one of the classes, or when
            the name of a class has control characters or is not UTF-8.
    """
    source = DATASETS.build(config.dataset, vars(config))
    for name in source.label_names:
        problem = text_problem(name)
        if problem:
            raise UserError(f"The class {name!r} of {source.origin} {problem}: rename it.")
    part = config.classes, config.leave_out, config.max_images
    source = source if part == (None, None, None) else Subset(source, *part)
    source = in_order(source, label_names) if label_names else source
    return DerivedPairs(source, config.pair_by) if config.pair_by else source
