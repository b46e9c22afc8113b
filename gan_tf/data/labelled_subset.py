"""Few labelled examples out of many, for semi-supervised training."""

import numpy as np

from gan_tf.errors import UserError


def class_balanced(examples, count, seed=0):
    """Chooses labelled examples at random, as equally many of each class as can be.

    Args:
        examples: `gan_tf.data.examples.Examples` with a class each.
        count: how many in all, at least one a class.
        seed: any int; the choice depends on it alone.

    Returns:
        Their indices, int64 (count,).

    Raises:
        UserError: when there are no classes, or too few or too many are asked for.
    """
    classes, labels = len(examples.label_names), examples.classes
    if not classes or labels is None:
        raise UserError(
            f"--semi_supervised={count} needs a class for each image, and these have none: put the "
            "images of each class in a folder of their own, or leave it out."
        )
    if not classes <= count <= len(labels):
        raise UserError(
            f"--semi_supervised={count}: it must be at least one label for each of the {classes} "
            f"classes, and at most the {len(labels):,} there are."
        )
    order = np.random.default_rng(seed).permutation(len(labels))
    # The k-th of each class, then the next of each: the first `count` of that order.
    rank = np.empty(len(order), np.int64)
    for each in range(classes):
        members = order[labels[order] == each]
        rank[members] = np.arange(len(members))
    return order[np.argsort(rank[order], kind="stable")][:count]
