"""Sheets to write characters on by hand: where everything is, and their pictures.

A page has a black square in each corner, by which a scan is straightened; between the upper two a row
of cells, black or white, that names the page; and a grid of boxes, each below the character to write.
"""

import hashlib
import zlib

import numpy as np
from PIL import Image, ImageDraw, ImageFont

PAGE = (210, 297)  # mm, A4: the unit of all lengths here
CORNERS = ((15, 15), (195, 15), (195, 282), (15, 282))  # centers of the squares, clockwise
MARK = 7  # side of a square
COLUMNS, ROWS = 8, 10
CODE_BITS = 32  # 8 of the page, 16 of the characters, 8 of a checksum
_BOX = 18  # side of a box
_INSET = 0.8  # from a box to the part of it that is read
_LEFT, _TOP, _WIDE, _HIGH = 15, 25, 22.5, 24.5  # of the grid, and of a cell
_LABEL = 5.5  # height of the line above a box
_BASELINE = 0.72  # part of a box above the line to write on
_CODE = (47, 13.25, 3.5)  # left, top and side of the row of cells
_PIXELS = 8  # per mm
DPI = 25.4 * _PIXELS
_GRAY, _LIGHT = 120, 190


def page_count(characters):
    """Returns how many pages some characters take."""
    return -(-len(characters) // (COLUMNS * ROWS))


def page_characters(characters, page):
    """Returns the characters of a page, from 0, in the order of its boxes: row by row."""
    count = COLUMNS * ROWS
    return characters[page * count : (page + 1) * count]


def read_box(index):
    """Returns (left, top, side) of what is read of a box, in mm."""
    left, top = _box(index)
    return left + _INSET, top + _INSET, _BOX - 2 * _INSET


def code_points():
    """Returns the centers of the cells that name the page, float64 (CODE_BITS, 2), in mm."""
    left, top, side = _CODE
    at = np.arange(CODE_BITS)
    return np.stack([left + side * (at + 0.5), np.full(CODE_BITS, top + side / 2)], axis=1)


def code_of(page, characters):
    """Returns the cells that name a page of some characters: bool (CODE_BITS,), true where black."""
    digest = hashlib.sha256("".join(characters).encode()).digest()[:2]
    content = bytes([page]) + digest
    checked = content + bytes([zlib.crc32(content) & 0xFF])
    return np.unpackbits(np.frombuffer(checked, np.uint8)).astype(bool)


def read_code(cells):
    """Returns the page that cells name, and the cells of the first page; None if they are damaged."""
    content = np.packbits(np.asarray(cells, bool)).tobytes()
    if zlib.crc32(content[:3]) & 0xFF != content[3]:
        return None
    first = b"\0" + content[1:3]
    return content[0], first + bytes([zlib.crc32(first) & 0xFF])


def sheet(characters, page, font):
    """Draws a page.

    Args:
        characters: those of all pages, strings of one code point.
        page: its index, from 0.
        font: a `gan_tf.data.styles.Style` that draws a small one above each box; it is measured. What it
            lacks is named by its code point alone.

    Returns:
        A `PIL.Image`, grayscale.
    """
    image = Image.new("L", tuple(_PIXELS * each for each in PAGE), 255)
    draw = ImageDraw.Draw(image)
    for x, y in CORNERS:
        _rectangle(draw, x - MARK / 2, y - MARK / 2, MARK, fill=0)
    left, top, side = _CODE
    for at, black in enumerate(code_of(page, characters)):
        _rectangle(draw, left + at * side, top, side, fill=0 if black else 255)
    small = ImageFont.load_default(2.2 * _PIXELS)
    title = f"gan_tf handwriting, page {page + 1} of {page_count(characters)}"
    draw.text(_pixels(PAGE[0] / 2, 284), title, _GRAY, small, anchor="mm")
    for index, character in enumerate(page_characters(characters, page)):
        left, top = _box(index)
        _rectangle(draw, left, top, _BOX, outline=_LIGHT)
        line = top + _BASELINE * _BOX
        for start in (left - 1.5, left + _BOX + 0.5):  # beside the box, so that they are not read
            draw.line([_pixels(start, line), _pixels(start + 1, line)], _GRAY, 2)
        draw.text(
            _pixels(left + 6, top - _LABEL / 2),
            f"U+{ord(character):04X}",
            _GRAY,
            small,
            anchor="lm",
        )
        try:
            drawn = Image.fromarray(font.draw(character, round(5 * _PIXELS)))
        except ValueError:
            continue
        image.paste(drawn, _pixels(left, top - _LABEL + 0.2))
    return image


def _box(index):
    """The upper left corner of a box, in mm."""
    row, column = divmod(index, COLUMNS)
    return _LEFT + column * _WIDE + (_WIDE - _BOX) / 2, _TOP + row * _HIGH + _LABEL


def _pixels(*lengths):
    return tuple(round(_PIXELS * each) for each in lengths)


def _rectangle(draw, left, top, side, **how):
    corner = _pixels(left, top)
    draw.rectangle([corner, tuple(each + round(_PIXELS * side) - 1 for each in corner)], **how)
