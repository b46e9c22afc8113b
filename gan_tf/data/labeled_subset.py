"""A few labeled examples out of many, for semi-supervised training."""

import numpy as np

from gan_tf.errors import UserError


def class_balanced(examples, count, seed=0):
    """Chooses labeled examples at random, as balanced across the classes as possible.

    Args:
        examples: `gan_tf.data.examples.Examples` with a class each.
        count: how many in all, at least one per class.
        seed: any int; the choice depends on it alone.

    Returns:
        Their indices, int64 (count,).

    Raises:
        UserError: when there are no classes, or `count` is too small or too large.
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
    # In order of the rank within the class: the first of each class, then the second of each, ...
    rank = np.empty(len(order), np.int64)
    for each in range(classes):
        members = order[labels[order] == each]
        rank[members] = np.arange(len(members))
    return order[np.argsort(rank[order], kind="stable")][:count]
