"""The facts about a run's data, in data.json, which can be a stranger's."""

import json
import math

from gan_tf.files.json_file import MAX_BYTES

_MOST_COUNT = 1 << 40  # samples
_MOST_VALUES = 1 << 28  # of one sample
_MOST_LABELS, _LONGEST_LABEL = 100_000, 1000
_MOST_TRAITS = 1_000_000  # values of one


def of(examples, content=None):
    """Returns the facts about data, as data.json has them.

    Args:
        examples: `gan_tf.data.examples.Examples`.
        content: the `content` of their source; None: unknown.
    """
    facts = {
        "sample_shape": list(examples.samples.shape[1:]),
        "num_examples": len(examples),
        "label_names": list(examples.label_names),
    }
    if examples.source_shape:
        facts["source_shape"] = list(examples.source_shape)
    if examples.classes is not None:
        classes = range(len(examples.label_names))
        facts["label_counts"] = [int((examples.classes == each).sum()) for each in classes]
    if examples.traits:
        facts["traits"] = examples.traits
    return facts if content is None else facts | {"content": content}


def written(facts):
    """Returns the bytes of data.json.

    Raises:
        ValueError: when they could not be read again.
    """
    check(**facts)
    content = (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode()
    if len(content) > MAX_BYTES:
        raise ValueError(f"it would have {len(content):,} bytes, more than {MAX_BYTES:,}")
    return content


def check(
    sample_shape,
    num_examples,
    label_names,
    label_counts=(),
    content="",
    source_shape=(),
    traits=None,
):
    """Checks the values in data.json.

    Args:
        sample_shape: the shape of one sample.
        num_examples: the number of samples.
        label_names: the names of the classes or attributes.
        label_counts: how many samples each class has; (): unknown.
        content: the digest of the samples; "": unknown.
        source_shape: the shape of what a translation starts from; (): it has none.
        traits: what the modality must know of the data; None: nothing.

    Raises:
        ValueError, TypeError: when they are impossible, or beyond any use.
    """
    if not _is_label(content):
        raise ValueError("the digest of the content is not a string, or too long")
    whole = [*sample_shape, num_examples, *label_counts, *source_shape]
    if not all(type(each) is int and 0 <= each <= _MOST_COUNT for each in whole):
        raise ValueError("a size or a count is not an integer, or too large")
    if max(math.prod(sample_shape), math.prod(source_shape)) > _MOST_VALUES:
        raise ValueError("the samples are too large")
    if len(label_names) > _MOST_LABELS or not all(map(_is_label, label_names)):
        raise ValueError("a label's name is not a string, or there are too many")
    traits = {} if traits is None else traits
    if not all(map(_is_label, traits)) or not all(map(_is_trait, traits.values())):
        raise ValueError("a trait is not a string or a number, or too large")
    if len(label_counts) not in (0, len(label_names)):
        raise ValueError("it has counts for other labels than it names")


def difference(before, facts):
    """Returns a clause that says how the facts about a run's data have changed.

    Args:
        before, facts: contents of data.json, which differ.
    """

    def sizes(each):
        return f"{each['num_examples']:,} examples of {each['sample_shape']}"

    then, now = (each["label_names"] for each in (before, facts))
    if then != now:
        changed = [pair for pair in zip(then, now) if pair[0] != pair[1]]
        if len(then) == len(now) and len(changed) == 1:
            return f"the class {changed[0][0]!r} is {changed[0][1]!r} now"
        then, now = (", ".join(each) or "none" for each in (then, now))
        return f"its classes were {then} then and are {now} now"
    if sizes(before) != sizes(facts):
        return f"{sizes(before)} then, {sizes(facts).replace(' examples', '')} now"
    counts = zip(now, before.get("label_counts", ()), facts.get("label_counts", ()))
    changed = [f"{old:,} of {name!r} then, {new:,} now" for name, old, new in counts if old != new]
    return changed[0] if changed else "as many, of the same shape, but other content"


def _is_trait(value):
    if isinstance(value, list):
        return len(value) <= _MOST_TRAITS and (
            all(map(_is_label, value)) or all(map(_is_measure, value))
        )
    whole = type(value) is int and 0 <= value <= _MOST_COUNT
    return whole or _is_measure(value) or _is_label(value)


def _is_measure(value):
    return type(value) is float and math.isfinite(value)


def _is_label(name):
    if not isinstance(name, str) or len(name) > _LONGEST_LABEL or "\0" in name:
        return False
    name.encode()  # a UnicodeEncodeError is a ValueError
    return True
