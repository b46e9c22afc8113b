"""Options: dataclass fields that become flags (see `gan_tf.options.flags`)."""

import dataclasses
import os
import unicodedata

from gan_tf.errors import UserError, suggest
from gan_tf.files.atomic_write import is_special
from gan_tf.options import aliases

# Endings of file names that users give to commands that write folders.
_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp4", ".npz", ".csv", ".json")
_FILES += (".zip", ".keras", ".h5", ".onnx", ".tflite", ".tfrecord")


def option(
    default,
    group,
    text,
    *,
    low=None,
    high=None,
    choices=None,
    registry=None,
    path=False,
    reads=None,
    writes=None,
    free=False,
):
    """Returns a dataclass field that is a flag.

    Args:
        default: its default; None: unset.
        group: the heading of the help that it is listed under.
        text: its help.
        low, high: the range of a number, both inclusive.
        choices: the allowed values of a string.
        registry: the `Registry` in which its value is looked up.
        path: whether it is a path, in which `~` stands for the home directory; ".json" or another
            ending: it is one if it ends so; "existing": where there is such a file, see `is_path`.
        reads: what is read there, such as "directory": it must exist, see `check_paths`.
        writes: what is written there: "directory", or the possible endings of a file's name, "" for
            any, separated by spaces, see `check_paths`.
        free: whether a resumed run may change it.
    """
    metadata = dict(
        group=group,
        text=text,
        low=low,
        high=high,
        choices=choices,
        registry=registry,
        path=path,
        reads=reads,
        writes=writes,
        free=free,
    )
    return dataclasses.field(default=default, metadata=metadata)


def is_path(field, value):
    """Returns whether a value of a field is a path, not a name or a text."""
    kind = field.metadata["path"]
    if isinstance(kind, str):
        return os.path.exists(value) if kind == "existing" else value.endswith(kind)
    return kind


def same(options, name, group):
    """Returns a field like another dataclass's, under another heading."""
    field = next(each for each in dataclasses.fields(options) if each.name == name)
    return dataclasses.field(default=field.default, metadata={**field.metadata, "group": group})


def groups(options):
    """Returns {heading: [fields]} of a dataclass of options, in the order of the help.

    Headings are the fields' groups, in the order of their first fields. A class attribute `headings`,
    {group: heading}, renames groups and moves them to the end.
    """
    headings = getattr(options, "headings", {})
    found = {}
    for field in dataclasses.fields(options):
        found.setdefault(field.metadata["group"], []).append(field)
    last = {heading: found.pop(group) for group, heading in headings.items()}
    return found | last


def check(options):
    """Checks every field of a dataclass against its registry, choices or range.

    Raises:
        UserError: one sentence about the first invalid one.
    """
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        for each in value if isinstance(value, tuple) else (value,):
            if each is not None:
                _check(field.name, each, field.metadata)


def check_paths(options, reading=False):
    """Checks, by name, the files and directories that a dataclass of options reads and writes.

    Args:
        options: the dataclass.
        reading: whether to check only what is read.

    Raises:
        UserError: when one to read does not exist, or one to write cannot be made, has the name of
            a directory, or an ending that says otherwise than what is written.
    """
    for field in dataclasses.fields(options):
        name, value = field.name, getattr(options, field.name)
        reads, writes = field.metadata["reads"], field.metadata["writes"]
        for each in value if isinstance(value, tuple) else (value,):
            if each and reads and not os.path.exists(each):
                raise UserError(f"There is no {reads} '{each}': correct --{name}.")
            if each and writes is not None and not reading:
                check_writable(name, each, writes)


def check_writable(name, path, writes):
    """Checks that a command can write to a path, as far as this is known before.

    Args:
        name: of the flag.
        path: its value.
        writes: see `option`.

    Raises:
        UserError: when it cannot.
    """
    endings, path = writes.split(), os.fspath(path)
    if writes == "directory" and os.path.exists(path) and not os.path.isdir(path):
        raise UserError(f"--{name}={path} is a file, but a folder is written: give another name.")
    if writes == "directory" and path.lower().endswith(_FILES) and not os.path.isdir(path):
        raise UserError(
            f"--{name}={path} names a file, but a folder is written: give the name of one."
        )
    if writes != "directory" and is_special(path):
        raise UserError(f"--{name}={path} is a device or a pipe, not a file: give another name.")
    if writes != "directory" and os.path.isdir(path):
        raise UserError(f"--{name}={path} is a folder: give the name of a file in it.")
    if writes != "directory" and endings and not path.lower().endswith(tuple(endings)):
        known = " or ".join(endings)
        raise UserError(f"--{name}={path}: give a name that ends in {known}, which is written.")
    above = os.path.abspath(path)
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    if above != os.path.abspath(path) and not os.path.isdir(above):
        raise UserError(f"--{name}={path} cannot be written: '{above}' is not a folder.")
    if not os.access(above, os.W_OK):
        raise UserError(f"--{name}={path} cannot be written: you may not write to '{above}'.")


def check_value(options, name, value, source):
    """Checks a value for a field of a dataclass that was given elsewhere than by its flag.

    Raises:
        UserError: one sentence that names the source, such as "--arch=dcgan(width=0)".
    """
    field = next(each for each in dataclasses.fields(options) if each.name == name)
    try:
        _check(name, value, field.metadata)
    except UserError as error:
        raise UserError(f"In {source}, {str(error).removeprefix('--')}") from None


def type_of(field):
    """Returns the type of a flag's value: tuple, bool, int, float or str."""
    return next(kind for kind in (tuple, bool, int, float, str) if kind.__name__ in str(field.type))


def in_words(low, high):
    """Returns "from 1 to 4096", "1 or more", or "" for a range."""
    if low is None:
        return ""
    return f"{low} or more" if high is None else f"from {low} to {high}"


def check_text(name, value):
    """Checks that a line of a file, in UTF-8, can hold a string.

    Args:
        name: of the flag.
        value: its value.

    Raises:
        UserError: when it is not UTF-8, or has a line break or another control character.
    """
    problem = text_problem(value)
    if problem:
        raise UserError(f"--{name}={value!r} {problem}: give another, or rename it.")


def text_problem(text):
    """Returns a clause that says why a line of a file, in UTF-8, cannot hold a string, or None."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    if any(unicodedata.category(each) in ("Cc", "Zl", "Zp") for each in text):
        return "has a line break or another control character in it"
    return None


def _check(name, value, metadata):
    if isinstance(value, str):
        check_text(name, value)
    if metadata["registry"]:
        _check_entry(name, value, metadata["registry"])
    if metadata["choices"] and value not in metadata["choices"]:
        raise UserError(
            f"--{name}={value}: there is no such choice{suggest(value, metadata['choices'])}; "
            f"there are: {', '.join(metadata['choices'])}."
        )
    low, high = metadata["low"], metadata["high"]
    if (low is not None and not value >= low) or (high is not None and not value <= high):  # NaN
        raise UserError(f"--{name}={value} is out of range: it must be {in_words(low, high)}.")


def _check_entry(name, value, registry):
    try:
        registry.parse(value)
    except UserError as error:
        known = value.partition("(")[0].strip() in registry.names()  # its arguments are the mistake
        advice = None if known else aliases.value(name, value)
        if not advice:
            raise
        raise UserError(f"There is no --{name}={value} here: {advice}.") from error
