"""The facts about a run's data, in data.json, which can be a stranger's."""

import math

_MOST_COUNT = 1 << 40  # samples
_MOST_VALUES = 1 << 28  # of one sample
_MOST_LABELS, _LONGEST_LABEL = 100_000, 1000


def check(sample_shape, num_examples, label_names, label_counts=(), content=""):
    """Checks the values in data.json.

    Args:
        sample_shape: the shape of one sample.
        num_examples: the number of samples.
        label_names: the names of the classes or attributes.
        label_counts: how many samples each class has; (): unknown.
        content: the digest of the samples; "": unknown.

    Raises:
        ValueError, TypeError: when they are impossible, or beyond any use.
    """
    if not _is_label(content):
        raise ValueError("the digest of the content is not a string, or too long")
    whole = [*sample_shape, num_examples, *label_counts]
    if not all(type(each) is int and 0 <= each <= _MOST_COUNT for each in whole):
        raise ValueError("a size or a count is not an integer, or too large")
    if math.prod(sample_shape) > _MOST_VALUES:
        raise ValueError("the samples are too large")
    if len(label_names) > _MOST_LABELS or not all(map(_is_label, label_names)):
        raise ValueError("a label's name is not a string, or there are too many")
    if len(label_counts) not in (0, len(label_names)):
        raise ValueError("it has counts for other labels than it names")


def _is_label(name):
    return isinstance(name, str) and len(name) <= _LONGEST_LABEL
