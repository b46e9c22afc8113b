"""Pictures of text: lines, and sequence logos."""

import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

_SIZE = 14  # of the letters of lines, in pixels
_MOST_LINES, _MOST_CHARACTERS = 256, 200
_COLUMN, _HEIGHT = 16, 80  # of a position of a logo, in pixels
_COLORS = {"A": (0, 150, 0), "C": (0, 0, 200), "G": (230, 150, 0), "T": (200, 0, 0)}
_COLORS["U"] = _COLORS["T"]


def draw_lines(texts):
    """Draws strings below each other, black on white.

    Args:
        texts: the strings; of more than 256, and of more than 200 characters each, the rest is left
            out.

    Returns:
        uint8 (height, width, 3).
    """
    lines = [text[:_MOST_CHARACTERS] for text in texts[:_MOST_LINES]] or [""]
    font = ImageFont.load_default(size=_SIZE)
    width = max(1, round(max(font.getlength(each) for each in lines))) + _SIZE
    canvas = Picture.new("RGB", (width, (_SIZE + 4) * len(lines) + 4), "white")
    draw = ImageDraw.Draw(canvas)
    for index, line in enumerate(lines):
        draw.text((_SIZE // 2, 2 + (_SIZE + 4) * index), line, "black", font)
    return np.asarray(canvas)


def logo(frequencies, letters):
    """Draws a sequence logo: at each position its letters, as high as the information they carry.

    A letter's height is its frequency times log2(number of letters) minus the entropy of the
    position, as a part of the largest possible; there is no correction for few sequences.

    Source: Schneider and Stephens, "Sequence logos: a new way to display consensus sequences", 1990
    (https://doi.org/10.1093/nar/18.20.6097).

    Args:
        frequencies: float (length, letters), rows sum to 1.
        letters: strings, of which the empty one is not drawn.

    Returns:
        uint8 (height, width, 3), white behind the letters.
    """
    canvas = Picture.new("RGB", (_COLUMN * len(frequencies), _HEIGHT), "white")
    stamps = {letter: _stamp(letter) for letter in letters if letter}
    for position, row in enumerate(frequencies):
        bottom = _HEIGHT
        heights = row * information(row) * _HEIGHT
        for index in np.argsort(heights, kind="stable"):
            height = round(heights[index])
            if height and letters[index]:
                stamp = stamps[letters[index]].resize((_COLUMN - 2, height))
                bottom -= height
                canvas.paste(
                    _COLORS.get(letters[index], (60, 60, 60)),
                    (_COLUMN * position + 1, bottom),
                    stamp,
                )
    return np.asarray(canvas)


def information(row):
    """Returns 1 - entropy / log(n) of probabilities (n,): 0 for a uniform row, 1 for a certain one."""
    if len(row) < 2:
        return 1.0
    entropy = -np.sum(row * np.log(np.where(row > 0, row, 1)))
    return float(1 - entropy / np.log(len(row)))


def _stamp(letter):
    """A mask of a letter that fills it to its edges."""
    font = ImageFont.load_default(size=64)
    canvas = Picture.new("L", (96, 96))
    ImageDraw.Draw(canvas).text((16, 8), letter, 255, font)
    return canvas.crop(canvas.getbbox() or (0, 0, 1, 1))
