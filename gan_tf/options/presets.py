"""Presets: files of flags that the package ships, each a training with what it reached.

`--preset=dcgan-mnist` stands for the flags of `gan_tf/presets/dcgan-mnist.flags`.
"""

import functools
import pathlib
import re

from gan_tf.errors import UserError, suggest

_FOLDER = pathlib.Path(__file__).parent.parent / "presets"


@functools.cache
def names():
    """Returns the names of the presets, sorted."""
    return tuple(sorted(each.stem for each in _FOLDER.glob("*.flags")))


def path(name):
    """Returns the path of a preset's file.

    Raises:
        UserError: when there is no such preset.
    """
    if name not in names():
        raise UserError(
            f"There is no preset '{name}'{suggest(name, names())}; choose from: {', '.join(names())}."
        )
    return _FOLDER / f"{name}.flags"


def summary(name):
    """Returns the first sentence of a preset's file, which says what it trains."""
    about = re.match(r"(?:# .*\n)+?(?=#  )", path(name).read_text(encoding="utf-8"))[0]
    text = " ".join(line.removeprefix("# ") for line in about.splitlines())
    return f"{re.split(r'[.:] ', text)[0].removesuffix('.')}."
