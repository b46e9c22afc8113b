"""What docstrings in Google's style say about arguments and sources, for the page of all options."""

import inspect
import re

_SECTIONS = ("Args:", "Attributes:")


def arguments(docstring):
    """Returns {name: text} of the arguments and attributes that a docstring describes."""
    found, lines, inside = {}, [], False
    for line in inspect.cleandoc(docstring).splitlines():
        if line and not line.startswith(" "):
            inside = line in _SECTIONS
        elif inside and (start := re.match(r" {4}(\w+(?:, \w+)*)(?: \([^)]*\))?: +(.*)", line)):
            lines = [start[2]]
            found |= dict.fromkeys(start[1].split(", "), lines)
        elif inside and lines and line.startswith(" " * 8):
            lines.append(line.strip())
    return {name: " ".join(lines) for name, lines in found.items()}


def source(docstring):
    """Returns what follows "Source:" or "Sources:" in its paragraph; or ""."""
    for paragraph in inspect.cleandoc(docstring).split("\n\n"):
        found = re.search(r"(?:^|\. )Sources?: (.*)", " ".join(paragraph.split()))
        if found:
            return found[1]
    return ""
