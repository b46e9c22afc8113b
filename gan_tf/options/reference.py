"""Writes docs/options.md: `python -m gan_tf.options.reference`, or `make options`.

The page lists every command with its flags and every registry with its entries. All of it is
read from the option classes and, by `ast`, from the entries' source: TensorFlow is not imported.
Entries of plug-ins are left out.
"""

import dataclasses
import importlib
import pathlib
import re

from gan_tf import registry
from gan_tf.errors import writing
from gan_tf.files.atomic_write import write
from gan_tf.messages import show
from gan_tf.options import docstrings, flags, presets
from gan_tf.options.commands import summaries
from gan_tf.options.option import groups, in_words, option

EXAMPLES = ("python -m gan_tf.options.reference --out=docs/options.md",)
_HEAD = """# Options

Every command with its flags, and every registry with its entries. `make options` writes this page
from the source, so do not edit it; `--helpfull` of a command prints its flags. [The toolbox](toolbox.md)
explains what goes together.

Flags are written `--name=value`, booleans `--name` or `--noname`. An entry of a registry takes
arguments as in Python, in quotes for the shell: `--trick="ema(0.999)"`."""
_PRESETS = (
    "`--preset=NAME` of `gan_tf.main` stands for the flags of a file; those that follow it take "
    "precedence, and an empty one, such as `--penalty=`, drops all that precede it of a flag that may be "
    "repeated. Each file says what its training reached."
)
_RESUME = "A resumed run may change the flags marked \\*; the others must stay the same."


@dataclasses.dataclass(frozen=True)
class Options:
    """Where the page goes."""

    out: str = option("docs/options.md", "Options", "the file to write", path=True)


def main(argv):
    """Writes the page; returns the exit status."""
    description = "Writes the page of all options, from the option classes and the registries."
    options, _ = flags.parse(Options, argv, description, EXAMPLES)
    out = pathlib.Path(options.out)
    with writing(out):
        write(out, markdown().encode())
    show(out)
    return 0


def markdown():
    """Returns the page: Markdown, with a newline at its end."""
    known, all_commands = registries(), commands()
    anchors = {each: _anchor(each.kind) for each in known.values()}
    sections = [_HEAD, "## Commands"]
    sections += [f"- [`gan_tf.{name}`](#gan_tf{name})" for name in all_commands]
    sections[2:] = ["\n".join(sections[2:])]
    for name, command in all_commands.items():
        sections += _command(name, command, anchors)
    sections += ["## Presets", _PRESETS, _presets(), "## Registries"]
    sections.append("\n".join(f"- [{each.kind}](#{anchors[each]})" for each in known.values()))
    for variable, each in known.items():
        sections += _registry(variable, each, all_commands)
    return "\n\n".join(sections) + "\n"


def commands():
    """Returns {module's name: `flags.Command`} of all commands, training first."""
    return {
        name: flags.command_of(importlib.import_module(f"gan_tf.{name}").main)
        for name in summaries()
    }


def registries():
    """Returns {variable: `Registry`} of all registries, in the order of their definition."""
    found = vars(registry).items()
    return {name: each for name, each in found if isinstance(each, registry.Registry)}


def _command(name, command, anchors):
    """The parts of the section of one command."""
    parts = [f"### gan_tf.{name}", _text(command.description)]
    parts.append("\n".join(["```", *command.examples, "```"]))
    resumes = hasattr(command.options, "conflicts")
    if resumes:
        parts.append(_RESUME)
    sections = {
        heading: [_flag(field, anchors, resumes) for field in fields]
        for heading, fields in groups(command.options).items()
    }
    if command.extra:
        extra = [f"| `--{flag}` | `false` | {_text(text)} |" for flag, text in command.extra]
        sections.setdefault("Other", []).extend(extra)
    for heading, rows in sections.items():
        parts.append(f"#### {heading}")
        parts.append("\n".join(["| flag | default | what it does |", "|---|---|---|", *rows]))
    return parts


def _flag(field, anchors, resumes):
    """The row of one flag."""
    metadata, kind = field.metadata, flags.type_of(field)
    notes = [in_words(metadata["low"], metadata["high"])]
    if metadata["choices"]:
        notes.append(", ".join(f"`{each}`" for each in metadata["choices"]))
    if metadata["registry"]:
        entries = metadata["registry"]
        notes.append(f"[{entries.kind}](#{anchors[entries]})")
    if kind is tuple:
        notes.append("may be repeated")
    notes = "; ".join(filter(None, notes))
    default = str(field.default).lower() if kind is bool else field.default
    cells = [
        f"`--{field.name}`" + (r"\*" if resumes and metadata["free"] else ""),
        "" if default in (None, ()) else f"`{default}`",
        _text(metadata["text"]) + (f" ({notes})" if notes else ""),
    ]
    return f"| {' | '.join(cells)} |"


def _registry(variable, entries, all_commands):
    """The parts of the section of one registry."""
    users = {}
    for name, command in all_commands.items():
        for field in dataclasses.fields(command.options):
            if field.metadata["registry"] is entries:
                users.setdefault(f"`--{field.name}`", []).append(f"`gan_tf.{name}`")
    users = "; ".join(f"{flag} of {', '.join(names)}" for flag, names in users.items())
    home = f"`{entries.home}`, registry `{variable}`"
    rows, explained = [], []
    for name, entry in sorted(entries.own_entries.items()):
        # Those that default to None have their own flags, or are set by the program.
        arguments = [each for each in entry.arguments if each.default is not None]
        texts = entries.docstrings(name)
        source = " ".join(f"Source: {each}" for each in [docstrings.source(texts[0])] if each)
        cells = ", ".join(f"`{each}`" for each in arguments)
        rows.append(f"| `{name}` | {cells} | {_text(f'{entry.summary} {source}'.strip())} |")
        explained += _arguments(name, arguments, texts)
    parts = [
        f"### {entries.kind[0].upper()}{entries.kind[1:]}",
        f"{users}; {home}." if users else f"{home}.",
        "\n".join(["| entry | arguments | what it is |", "|---|---|---|", *rows]),
    ]
    if explained:
        parts.append("\n".join(["| argument | of | what it is |", "|---|---|---|", *explained]))
    return parts


def _arguments(name, arguments, texts):
    """The rows of the arguments of an entry that its docstrings explain."""
    known = {}
    for each in reversed(texts):
        known |= docstrings.arguments(each)
    return [
        f"| `{each}` | `{name}` | {_text(known[each.name])} |"
        for each in arguments
        if each.name in known
    ]


def _presets():
    """The table of the presets."""
    rows = [
        f"| [{name}](../gan_tf/presets/{name}.flags) | {_text(presets.summary(name))} |"
        for name in presets.names()
    ]
    return "\n".join(["| preset | what it trains |", "|---|---|", *rows])


def _anchor(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _text(text):
    """A text with Markdown's characters escaped."""
    parts = re.split("(`[^`]*`)", text.replace("\n", " "))  # code is every second one
    return "".join(
        re.sub(r"[|]" if index % 2 else r"([|*~<])", r"\\\g<0>", part)
        for index, part in enumerate(parts)
    )


if __name__ == "__main__":
    flags.run(main)
