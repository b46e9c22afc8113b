"""Which pixels of an image are missing.

A mask is registered with `@MASKS.register("name")` and called with (height, width) and a
`numpy.random.Generator`; it returns bool (height, width), true where pixels are missing.
"""

import os
import re

import numpy as np
from PIL import Image

from gan_tf.data.image_file import FORMATS
from gan_tf.errors import UserError
from gan_tf.files.plain_file import open_plain
from gan_tf.registry import MASKS

_MOST_BYTES = 1 << 28


@MASKS.register("center")
class Center:
    """A square in the middle.

    Args:
        side: fraction of the image's side, between 0 and 1, default 0.5.
    """

    def __init__(self, side: float = 0.5):
        self.side = _fraction("center", side)

    def __call__(self, shape, random):
        missing = np.zeros(shape, bool)
        cut = [round(size * (1 - self.side) / 2) for size in shape]
        missing[cut[0] : shape[0] - cut[0], cut[1] : shape[1] - cut[1]] = True
        return missing


@MASKS.register("left")
class Left:
    """The left part.

    Args:
        fraction: fraction of the width, between 0 and 1, default 0.5.
    """

    def __init__(self, fraction: float = 0.5):
        self.fraction = _fraction("left", fraction)

    def __call__(self, shape, random):
        missing = np.zeros(shape, bool)
        missing[:, : round(shape[1] * self.fraction)] = True
        return missing


@MASKS.register("random")
class Random:
    """Single pixels, each with the same probability, drawn anew for each image.

    Args:
        fraction: this probability, between 0 and 1, default 0.5.
    """

    def __init__(self, fraction: float = 0.5):
        self.fraction = _fraction("random", fraction)

    def __call__(self, shape, random):
        return random.random(shape) < self.fraction


class File:
    """An image file, white where pixels are missing, of the same size as the images.

    Args:
        path: the file.

    Raises:
        UserError: on a call, when it cannot be read, has another size, or marks all pixels or none.
    """

    def __init__(self, path):
        self.path = path

    @property
    def cache_key(self):
        """A string that changes when the file does."""
        stat = os.stat(self.path)
        return f" {stat.st_size} {stat.st_mtime_ns}"

    def __call__(self, shape, random):
        try:
            with (
                open_plain(self.path, _MOST_BYTES, links=True) as file,
                Image.open(file, formats=FORMATS) as image,
            ):
                size = image.size[::-1]  # known before it is decoded
                pixels = np.asarray(image.convert("L")) if size == tuple(shape) else None
        except (OSError, ValueError, SyntaxError) as error:
            raise UserError(
                f"The mask '{self.path}' cannot be read as an image ({error}): give another file, or one "
                f"of {', '.join(MASKS.names())}."
            ) from error
        if pixels is None:
            raise UserError(
                f"The mask '{self.path}' has {size[1]}x{size[0]} pixels and the images "
                f"{shape[1]}x{shape[0]}: make it of that size."
            )
        missing = pixels >= 128
        if missing.all() or not missing.any():
            raise UserError(
                f"The mask '{self.path}' is all {'white' if missing.all() else 'black'}: make it white "
                "where pixels are missing, and black elsewhere."
            )
        return missing


def build(spec):
    """Builds the mask of a spec such as "random(0.3)", or of the name of an image file.

    Raises:
        UserError: for an invalid spec.
    """
    return MASKS.build(_current(spec)) if _is_spec(spec) else File(spec)


def check(spec, shape):
    """Checks a spec, or the image file that it names.

    Args:
        spec: as for `build`.
        shape: (height, width) of the images.

    Raises:
        UserError: when it is invalid.
    """
    check_fit(build(spec), shape)


def check_fit(mask, shape):
    """Checks a mask, as `build` returns it, if it is an image file; arguments as for `check`."""
    if isinstance(mask, File):
        mask(shape, None)


def _is_spec(text):
    return re.fullmatch(r"\s*\w+\s*(\(.*\))?\s*", text) is not None


def _current(spec):
    """Replaces what earlier versions accepted: "centre", and `share` for `fraction`."""
    spec = re.sub(r"^\s*centre\b", "center", spec)
    return re.sub(r"^(\s*(?:left|random)\s*\(\s*)share\s*=", r"\1fraction=", spec)


def _fraction(name, fraction):
    if not 0 < fraction < 1:
        raise UserError(
            f"{name}({fraction}) masks all pixels or none: give a fraction between 0 and 1."
        )
    return fraction
