"""Which pixels of an image are missing.

A mask is registered with `@MASKS.register("name")` and called with (height, width) and a
`numpy.random.Generator`; it returns bool (height, width), true where pixels are missing.
"""

import re

import numpy as np
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.registry import MASKS


@MASKS.register("centre")
class Centre:
    """A square in the middle.

    Args:
        side: of the image's side, between 0 and 1, default 0.5.
    """

    def __init__(self, side: float = 0.5):
        self.side = _share("centre", side)

    def __call__(self, shape, random):
        missing = np.zeros(shape, bool)
        cut = [round(size * (1 - self.side) / 2) for size in shape]
        missing[cut[0] : shape[0] - cut[0], cut[1] : shape[1] - cut[1]] = True
        return missing


@MASKS.register("left")
class Left:
    """The left part.

    Args:
        share: of the width, between 0 and 1, default 0.5.
    """

    def __init__(self, share: float = 0.5):
        self.share = _share("left", share)

    def __call__(self, shape, random):
        missing = np.zeros(shape, bool)
        missing[:, : round(shape[1] * self.share)] = True
        return missing


@MASKS.register("random")
class Random:
    """Single pixels, each with the same probability; other ones in each image.

    Args:
        share: the probability, between 0 and 1, default 0.5.
    """

    def __init__(self, share: float = 0.5):
        self.share = _share("random", share)

    def __call__(self, shape, random):
        return random.random(shape) < self.share


class File:
    """An image file, white where pixels are missing, of the same size as the images.

    Args:
        path: the file.

    Raises:
        UserError: when called, where it cannot be read, has another size, or marks nothing or all.
    """

    def __init__(self, path):
        self.path = path

    def __call__(self, shape, random):
        try:
            with Image.open(self.path) as image:
                pixels = np.asarray(image.convert("L"))
        except (OSError, ValueError, SyntaxError) as error:
            raise UserError(
                f"--mask={self.path} cannot be read as an image ({error}): give another file, or one of "
                f"{', '.join(MASKS.names())}."
            ) from error
        if pixels.shape != tuple(shape):
            raise UserError(
                f"--mask={self.path} has {pixels.shape[1]}x{pixels.shape[0]} pixels and the images of "
                f"the run {shape[1]}x{shape[0]}: make it of that size."
            )
        missing = pixels >= 128
        if missing.all() or not missing.any():
            raise UserError(
                f"--mask={self.path} is all {'white' if missing.all() else 'black'}: it is to be white "
                "where pixels are missing, and black elsewhere."
            )
        return missing


def build(spec):
    """Builds the mask of a spec such as "random(0.3)", or of the name of an image file.

    Raises:
        UserError: when it names neither.
    """
    return MASKS.build(spec) if _is_spec(spec) else File(spec)


def check(spec):
    """Checks a spec without building it; a file's name is taken as it is."""
    if _is_spec(spec):
        MASKS.parse(spec)


def _is_spec(text):
    return re.fullmatch(r"\s*\w+\s*(\(.*\))?\s*", text) is not None


def _share(name, share):
    if not 0 < share < 1:
        raise UserError(f"{name}({share}) leaves all or nothing: give a share between 0 and 1.")
    return share
