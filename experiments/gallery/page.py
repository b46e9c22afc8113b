"""The page of the gallery, docs/gallery.md, written from the recipes and what their runs left."""

import pathlib
import re
import shlex

from experiments.gallery.recipes import SECTIONS

FILES = pathlib.Path(__file__).parent
PAGE = FILES.parents[1] / "docs" / "gallery.md"
_PICTURES = (".png", ".jpg", ".webp", ".gif")
_LINES = 12  # of a text
_HEAD = """\
# Gallery

What runs have made, each with its command. Every picture, sound or text is the last snapshot
of its run, as it lies in the run's folder `samples/`: nothing was selected.

    python -m experiments.gallery                          # trains what is missing, then writes this page
    python -m experiments.gallery --only=glyphs-stylegan2
"""


def write(found):
    """Returns the text of the page.

    Args:
        found: the rows of the results, dicts; recipes without one are left out.
    """
    of_name = {row["name"]: row for row in found}
    parts = [_HEAD]
    for section, recipes in SECTIONS.items():
        there = [name for name in recipes if name in of_name]
        if there:
            parts.append(f"## {section}\n")
            parts += [_entry(name, recipes[name], of_name[name]) for name in there]
    return "\n".join(parts)


def command(recipe):
    """Returns the command line of a `Recipe`, broken into lines of at most 110 characters."""
    words = ["python -m gan_tf.main"]
    for word in recipe.words:
        flag, _, value = word.partition("=")
        quoted = value if shlex.quote(value) == value else f'"{value}"'
        word = f"{flag}={quoted}"
        if len(words[-1]) + len(word) > 108:
            words[-1] += " \\"
            words.append(f"    {word}")
        else:
            words[-1] += f" {word}"
    return words


def _entry(name, recipe, row):
    made = [f"### {recipe.title}", "", *_shown(name, recipe), ""]
    made += [f"    {line}" for line in command(recipe)]
    made += ["", f"{_facts(row)} [What it logged](../experiments/gallery/{name}-log.png); "]
    made[-1] += f"[more on this kind]({recipe.page}.md).\n"
    return "\n".join(made)


def _shown(name, recipe):
    """The lines that show what a run made: a picture, a sound, or the beginning of a text."""
    lines = []
    for path in sorted(FILES.glob(f"{name}.*")):
        if path.suffix in _PICTURES:
            lines.append(f"![{recipe.title}](../experiments/gallery/{path.name})")
        elif path.suffix == ".wav":
            lines.append(f"\n[Listen](../experiments/gallery/{path.name})")
        else:
            lines += ["```text", *path.read_text().splitlines()[:_LINES], "```"]
    return lines


def _facts(row):
    """A sentence on the run: when, how long, on what, and whether it was healthy."""
    minutes = ""  # unknown
    if row["minutes"] is not None:
        minutes = (
            f" in {row['minutes']:.0f} minutes" if row["minutes"] >= 1.5 else " in about a minute"
        )
    name, _, cores = row["processor"].rpartition(" with ")
    name = re.sub(r" (\d+) (\d+) (\d+)$", r" (family \1, model \2, stepping \3)", name)
    cores = "one core" if cores == "1 cores" else cores
    return (
        f"{row['date']}, seed {row['seed']}: {row['steps']:,} steps{minutes} on {cores} of {name}, "
        f"{row['precision']}. Health: {row['health']}."
    )
