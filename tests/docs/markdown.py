"""Reads the project's Markdown: its pages, links, headings and command lines."""

import re
import shlex
from typing import NamedTuple

from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("experiments/**/*.md")])


def name(page):
    """Returns the path of a page within the project, as the name of a test."""
    return str(page.relative_to(ROOT))


class Link(NamedTuple):
    """A link or picture: `target` is as written, without a title."""

    text: str
    target: str


def blocks(text):
    """Splits Markdown into [(whether it is code, lines)]; fences and indented blocks are code."""
    parts, fenced, before = [], False, ""
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
            parts.append((True, []) if fenced else (False, []))
            continue
        indented = line.startswith("    ") and (not before.strip() or parts[-1][0])
        code = fenced or indented
        if not parts or parts[-1][0] != code:
            parts.append((code, []))
        parts[-1][1].append(line)
        before = line
    return parts


def prose(text):
    """Returns the text without its blocks of code."""
    return "\n".join("\n".join(lines) for code, lines in blocks(text) if not code)


def spans(text):
    """Returns the contents of the inline code of a text."""
    found = re.findall(r"(`+)(.+?)(?<!`)\1(?!`)", prose(text), re.DOTALL)
    return [" ".join(each.replace("\\|", "|").split()) for _, each in found]


def links(text):
    """Returns every `Link` outside code, pictures within links included."""
    plain = re.sub(r"(`+)(.+?)(?<!`)\1(?!`)", "code", prose(text), flags=re.DOTALL)
    return [Link(*each) for each in re.findall(r"\[([^\[\]]*)\]\(([^()\s]+)\)", plain)]


def tables(text):
    """Returns the tables, each as the cells of its rows: the head, the rule, and so on."""
    found = []
    for line in prose(text).splitlines():
        if not line.startswith("|"):
            found.append([])
            continue
        found[-1].append(re.split(r"(?<!\\)\|", line.strip())[1:-1])
    return [table for table in found if table]


def anchors(text):
    """Returns the anchors that GitHub gives the headings of a page."""
    found, count = set(), {}
    for title in re.findall(r"^#+ +(.+?) *#*$", prose(text), re.MULTILINE):
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        again = count[slug] = count.get(slug, -1) + 1
        found.add(f"{slug}-{again}" if again else slug)
    return found


def commands(text, program):
    """Returns the command lines of a page that begin with a program, as [lists of words].

    They stand at the beginning of a line of a block of code, or of inline code, after variables of
    the environment (but those with plug-ins are not found); a backslash continues a line, and a `#`
    begins a comment.
    """
    variables = r"((?!GAN_TF_PLUGINS)[A-Z_]+=('[^']*'|\S*) +)*"
    lines = []
    for code, block in blocks(text):
        if code:
            lines += re.sub(r"\\\n\s*", " ", "\n".join(block)).splitlines()
    found = []
    for line in [*lines, *spans(text)]:
        line = re.sub(f"^{variables}", "", line.strip().removeprefix("$ "))
        if line.startswith(program + " ") or line == program:
            words = shlex.split(line.replace(" \\#", " #"), comments=True)
            found.append([each for each in words if each != "..."])
    return found
