"""Help texts: the most used flags of a command, all of them, or one."""

import dataclasses
import re
import textwrap

from gan_tf.errors import UserError, suggest
from gan_tf.options import presets
from gan_tf.options.option import groups, in_words, type_of

_FLAGFILE = "read flags from a file, one on each line"
_PRESET = "use the flags of a preset; those that follow take precedence"
_GIVEN = {"flagfile": "FILE", "preset": "NAME"}
_COLUMN = 26  # of the texts of the short help


def asked(argv):
    """Returns what kind of help a command line asks for.

    Returns:
        "short" for `--help`, "full" for `--helpfull`, the name of a flag for `--help=name` (or
        `--help name`), or None.
    """
    for at, word in enumerate(argv[1:], 2):
        match = re.fullmatch(r"--?(help|h|helpshort|helpfull)(=(.*))?", word)
        if match:
            following = argv[at] if at < len(argv) else ""
            name = match[3] or (following if re.fullmatch(r"\w+", following) else "")
            return "full" if match[1] == "helpfull" else name.lstrip("-") or "short"
    return None


def text(command, kind):
    """Returns the help of a `gan_tf.options.flags.Command`.

    Args:
        command: the command. Its options may have a class attribute `common`, the names of
            the flags that are used most, in a string: the short help explains these alone; and
            `takes_presets`, whether `--preset` is one of its flags.
        kind: "short", "full" or the name of a flag.

    Raises:
        UserError: when there is no such flag.
    """
    fields = {each.name: each for each in dataclasses.fields(command.options)}
    if kind not in ("short", "full"):
        return _of_one(command, fields, kind.replace("-", "_"))
    description = (textwrap.fill(line, 100) for line in command.description.splitlines())
    head = "\n".join([*description, *(f"  {each}" for each in command.examples)])
    common = getattr(command.options, "common", "").split()
    if kind == "full" or not common:
        return "\n".join([head, *_all(command, fields)])
    return "\n".join([head, *_common(command, common)])


def _of_one(command, fields, name):
    if name in fields:
        return _full(fields[name], set(fields))
    extra = dict(command.extra) | _files(command)
    if name in extra:
        lines = _presets() if name == "preset" else ()
        return "\n".join([_entry(name, extra[name]), *lines])
    raise UserError(
        f"There is no flag --{name}{suggest(name, [*fields, *extra])}; --helpfull lists them."
    )


def _common(command, names):
    """The lines of the most used flags, and the names of the others by heading."""
    fields = {each.name: each for each in dataclasses.fields(command.options)}
    extra = _files(command) | dict(command.extra)
    names = [each for each in names if each in fields or each in extra]
    lines = ["", "Most used:"]
    for name in names:
        head, about = name, extra.get(name)
        if name in fields:
            head, about = _head(fields[name]), fields[name].metadata["text"]
            registry = fields[name].metadata["registry"]
            about += f" ({', '.join(registry.names())})" if registry else ""
        head = f"  --{head}".ljust(_COLUMN - 1) + " "
        lines.append(textwrap.fill(head + about, 100, subsequent_indent=" " * _COLUMN))
    others = {
        heading: [each.name for each in under] for heading, under in groups(command.options).items()
    }
    others["Other"] = [*dict(command.extra), *_files(command)]
    lines += ["", "Others:"]
    for heading, found in others.items():
        left = [each for each in found if each not in names]
        if left:
            text = f"  {heading}: {', '.join(left)}"
            lines.append(textwrap.fill(text, 100, subsequent_indent=" " * 6))
    return [
        *lines,
        "",
        "--help=NAME explains one flag and what it accepts; --helpfull explains all.",
    ]


def _all(command, fields):
    sections = {
        heading: [_full(each, set(fields)) for each in under]
        for heading, under in groups(command.options).items()
    }
    sections["Other"] = [_entry(name, about) for name, about in command.extra]
    sections["Other"] += [
        *(_entry(f"{name}={_GIVEN[name]}", about) for name, about in _files(command).items()),
        _entry("help", "print this; --help=NAME explains one flag"),
    ]
    return [line for heading, lines in sections.items() for line in ("", f"{heading}:", *lines)]


def _files(command):
    """{name: text} of the flags that stand for the flags in a file."""
    takes_presets = getattr(command.options, "takes_presets", False)
    return {"flagfile": _FLAGFILE} | ({"preset": _PRESET} if takes_presets else {})


def _presets():
    """A line for each preset."""
    width = max(map(len, presets.names()))
    return [f"        {name:<{width}}  {presets.summary(name)}" for name in presets.names()]


def _full(field, names):
    metadata = field.metadata
    limits = in_words(metadata["low"], metadata["high"])
    notes = [limits] if limits else []
    if metadata["choices"]:
        notes.append(", ".join(metadata["choices"]))
    if type_of(field) is tuple:
        notes.append("may be repeated")
    about = metadata["text"] + (f" ({'; '.join(notes)})" if notes else "")
    lines = [_entry(_head(field), about)]
    if metadata["registry"]:
        entries = metadata["registry"].help(hidden=names)  # arguments with their own flags
        lines += [f"        {line}" for line in entries.splitlines()]
    return "\n".join(lines)


def _head(field):
    if field.default in (None, ()):
        return field.name
    return f"{field.name}={str(field.default).lower() if field.type is bool else field.default}"


def _entry(head, about):
    wrapped = textwrap.fill(about, 96, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return f"  --{head}\n{wrapped}"
