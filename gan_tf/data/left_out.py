"""What is said about files of which all or some was left out."""

from gan_tf.data.image_file import NOT_AN_IMAGE

_SHOWN = 3  # files per reason
_REASONS = 5


def sentences(skipped, plural="images"):
    """Describes files that were left out: how many, which, and why.

    Args:
        skipped: [(file, reason)]; files whose reason is `NOT_AN_IMAGE` have a sentence of their own.
        plural: what the samples are called, default images.

    Returns:
        A list of at most two sentences; long lists are shortened to a few files and reasons.
    """
    by_reason = {}
    for file, reason in skipped:
        by_reason.setdefault(reason, []).append(file)
    others = by_reason.pop(NOT_AN_IMAGE, [])
    made = []
    if by_reason:
        count = sum(map(len, by_reason.values()))
        largest = sorted(by_reason.items(), key=lambda item: -len(item[1]))
        shown = [f"{_some(files)} ({reason})" for reason, files in largest[:_REASONS]]
        rest = sum(len(files) for _, files in largest[_REASONS:])
        shown += [f"{rest:,} more for other reasons"] * (rest > 0)
        verb = "was" if count == 1 else "were"
        made.append(
            f"{_number(count, plural.removesuffix('s'))} {verb} left out: {'; '.join(shown)}."
        )
    if others:
        verb = "is not an image" if len(others) == 1 else "are not images"
        made.append(f"{_number(len(others), 'file')} {verb}: {_some(others)}.")
    return made


def remarks(found):
    """Returns a sentence for each phrase about files, which names some of them.

    Args:
        found: [(file, phrase)].
    """
    by_phrase = {}
    for file, phrase in found:
        by_phrase.setdefault(phrase, []).append(file)
    return [f"{phrase}: {_some(files)}." for phrase, files in by_phrase.items()]


def _number(count, noun):
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _some(files):
    names = [repr(each) for each in files[:_SHOWN]]
    rest = len(files) - len(names)
    return ", ".join(names) + (f" and {rest:,} more" if rest else "")
