"""Files of flags, one on each line: presets, and the flags.txt of a run, which can be a stranger's."""

import collections
import os
import pathlib
import re

from gan_tf.errors import UserError
from gan_tf.files.plain_file import read_text
from gan_tf.options import presets

_MOST_BYTES = 1 << 20  # of a file
_MOST_DEPTH = 8  # files that name each other
_MOST_FILES = 64  # of one command line


def expand(argv, takes_presets=False):
    """Replaces each `--flagfile=FILE` and `--preset=NAME` of a command line with the lines of that file.

    Blank lines and those that begin with # or // are comments. A file may name others, up to 8
    within each other and 64 in all.

    Args:
        argv: the command line, program name first.
        takes_presets: whether `--preset` is one of the command's flags.

    Returns:
        The words.

    Raises:
        UserError: when a file cannot be read, is not a regular file of at most 1 MB, or names too
            many others, and when there is no such preset or none is named.
    """
    names = "flagfile|preset" if takes_presets else "flagfile"
    words, rest, count = [], collections.deque((word, 0) for word in argv), 0
    while rest:
        word, depth = rest.popleft()  # depth: of the file that it comes from
        match = re.fullmatch(rf"--?({names})(=(.*))?", word, re.DOTALL)
        if word == "--":
            return [*words, word, *(each for each, _ in rest)]
        if not match:
            words.append(word)
            continue
        flag, path = match[1], match[3]
        if not match[2]:
            path = rest.popleft()[0] if rest else None
        if path is None or (flag == "preset" and not path.strip()):
            needed = "the name of a preset" if flag == "preset" else "the path of a file"
            raise UserError(f"--{flag} needs {needed}.")
        if path.strip():
            count += 1
            if depth >= _MOST_DEPTH or count > _MOST_FILES:
                raise UserError(
                    f"'{path.strip()}' is one of too many flagfiles, or too deeply nested: put the flags "
                    "into one."
                )
            path = os.path.expanduser(path.strip())
            lines = _lines(presets.path(path) if flag == "preset" else path)
            rest.extendleft((line, depth + 1) for line in reversed(lines))
    return words


def _lines(path):
    try:
        text = read_text(path, _MOST_BYTES, links=True)
    except OSError as error:
        name = pathlib.Path(path).stem
        hint = f"; --preset={name} is one that gan_tf has" if name in presets.names() else ""
        raise UserError(f"Unable to open flagfile: {error}{hint}") from error
    except ValueError as error:
        raise UserError(f"The flagfile '{path}' cannot be read ({error}).") from error
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith(("#", "//"))]
