"""What docstrings in Google's style say about arguments and sources, for the page of all options."""

import inspect
import re

_SECTIONS = ("Args:", "Attributes:")


def arguments(docstring):
    """Returns {name: text} of the arguments and attributes that a docstring describes."""
    found, name, inside = {}, None, False
    for line in inspect.cleandoc(docstring).splitlines():
        if line and not line.startswith(" "):
            inside = line in _SECTIONS
        elif inside and (start := re.match(r" {4}(\w+)(?: \([^)]*\))?: +(.*)", line)):
            name = start[1]
            found[name] = [start[2]]
        elif inside and name and line.startswith(" " * 8):
            found[name].append(line.strip())
    return {name: " ".join(lines) for name, lines in found.items()}


def source(docstring):
    """Returns what follows "Source:" or "Sources:" in its paragraph; or ""."""
    for paragraph in inspect.cleandoc(docstring).split("\n\n"):
        found = re.search(r"(?:^|\. )Sources?: (.*)", " ".join(paragraph.split()))
        if found:
            return found[1]
    return ""
