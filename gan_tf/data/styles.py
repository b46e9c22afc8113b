"""Styles of writing: a font file, or a folder with a picture of each character.

Files are read to a bound, and parsed by FreeType and Pillow, which check them; a glyph that is many
times larger than its font says is not drawn.
"""

import abc
import hashlib
import io
import math
import os
import pathlib
import re

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from gan_tf.data import composite_glyphs, image_file
from gan_tf.data.charsets import is_visible
from gan_tf.data.file_images import UNREADABLE, reason_of
from gan_tf.data.file_tree import open_tree
from gan_tf.errors import UserError
from gan_tf.files.plain_file import read_bytes

_MOST_BYTES = 1 << 27  # of a font; those of 65,535 Chinese glyphs have some 20 MB
# The beginnings of TTF, OTF and TTC. Others, such as WOFF, can unpack to any size.
_BEGINNINGS = (b"\0\1\0\0", b"true", b"OTTO", b"ttcf")
_FILLED = 0.9  # of a picture, by all but the largest glyphs
_QUANTILE = 0.02  # of glyphs that may be larger
_MEASURED = 1000  # characters by which a style is scaled
_REFERENCE = 100  # pixels of the em when a font is measured
_SUPERSAMPLED = 2
_LARGEST = 8  # times the picture
_UNASSIGNED = "\U0010ffff"  # no font has it: what is drawn is the glyph of missing ones
_INK = 64  # of 255, from which on a pixel of a scan is ink
_SCAN = 256  # pixels that a picture of a character is kept at


class Style(abc.ABC):
    """Draws characters, all of them with the same scale and baseline.

    The scale is such that all but the largest 2 % of the characters by which it is measured fill
    nine tenths of a picture. Each is centered horizontally; vertically they keep their places.

    Args:
        name: of the style.
        digest: a str that changes when a picture can.

    Attributes:
        name, digest.
        is_font: whether it knows widths and a line that characters stand on: see `Font`.
    """

    is_font = False

    def __init__(self, name, digest):
        self.name, self.digest = name, digest
        self._scale = self._middle = None

    @abc.abstractmethod
    def box(self, character):
        """Returns the ink's (left, top, right, bottom), relative to the origin; None without ink."""

    @abc.abstractmethod
    def draw(self, character, size):
        """Returns the picture of a character: uint8 (size, size), black on white.

        Raises:
            ValueError: with the reason, when the style does not have it, or it is blank.
        """

    @property
    def is_measured(self):
        """Whether `measure` was called."""
        return self._scale is not None

    def measure(self, characters):
        """Finds the scale and the middle line by some of these characters, as many as have ink.

        Raises:
            UserError: when none has.
        """
        every = math.ceil(len(characters) / _MEASURED)
        boxes = [each for each in map(self.box, characters[::every]) if each]
        if not boxes:
            raise UserError(
                f"The style '{self.name}' has none of the characters of --charset: give another font, or "
                "other characters."
            )
        left, top, right, bottom = np.array(boxes, np.float64).T
        high, low = np.quantile(top, _QUANTILE), np.quantile(bottom, 1 - _QUANTILE)
        width = np.quantile(right - left, 1 - _QUANTILE)
        self._scale = _FILLED / max(low - high, width, 1e-6)
        self._middle = (high + low) / 2


class Font(Style):
    """A font: TTF, OTF, or one of a collection, TTC.

    Args:
        path: the file, or "collection.ttc#2" for another font of it than the first, 0.
        flag: the flag that names it, for messages.

    Raises:
        UserError: when it cannot be read, or is no font with outlines.
    """

    is_font = True

    def __init__(self, path, flag="--target_fonts"):
        file, index = _indexed(path)
        try:
            self._content = read_bytes(file, _MOST_BYTES, links=True)
            if not self._content.startswith(_BEGINNINGS):
                raise ValueError("it is not a TTF, OTF or TTC file")
            self._index = index
            self._at = {}
            self._font(_REFERENCE)
            composite_glyphs.check(self._content, index)
        except (OSError, ValueError, SyntaxError, MemoryError) as error:
            raise UserError(
                f"The font '{path}' cannot be used ({reason_of(error)}): correct {flag}."
            ) from error
        name = pathlib.PurePath(file).stem + (f" {index}" if index else "")
        super().__init__(name, f"{hashlib.sha256(self._content).hexdigest()} {index}")
        self._missing = {}

    def box(self, character):
        font = self._font(_REFERENCE)
        try:
            box, missing = (_ink_box(font, each, _REFERENCE) for each in (character, _UNASSIGNED))
        except ValueError:
            return None
        return None if box == missing else box

    def draw(self, character, size):
        drawn = self._drawn(character, size)
        if drawn.min() == 255:
            raise ValueError("blank")
        if size not in self._missing:
            try:
                self._missing[size] = self._drawn(_UNASSIGNED, size)
            except ValueError:
                self._missing[size] = None
        missing = self._missing[size]
        if missing is not None and np.array_equal(drawn, missing):
            raise ValueError("not in the font")
        return drawn

    @property
    def em(self):
        """The em, in sides of a picture."""
        return self._scale * _REFERENCE

    @property
    def line(self):
        """The part of a picture above the line that characters stand on."""
        return 0.5 - self._middle * self._scale

    def advance(self, character):
        """Returns the width of a character with its gaps, in sides of a picture.

        Raises:
            ValueError: when it is damaged.
        """
        try:
            return self._scale * self._font(_REFERENCE).getlength(character)
        except (OSError, MemoryError, OverflowError) as error:
            raise ValueError(f"damaged: {reason_of(error)}") from error

    def horizontal(self, character):
        """Returns the gap before a character, the width of its ink, and the gap after it, likewise.

        None, if it is blank.
        """
        try:
            box = _ink_box(self._font(_REFERENCE), character, _REFERENCE)
            advance = self.advance(character)
        except ValueError:
            box = None
        if not box:
            return None
        left, right = self._scale * box[0], self._scale * box[2]
        return left, right - left, advance - right

    def _drawn(self, character, size):
        """The picture of a character, which can be that of missing ones, or blank."""
        side = _SUPERSAMPLED * size
        em = self._scale * _REFERENCE * side
        try:
            font = self._font(em)
        except OSError as error:  # an em of more than 65,535 pixels
            raise ValueError("too small in the font for pictures of this size") from error
        canvas = Image.new("L", (side, side), 255)
        box = _ink_box(font, character, side)
        if box:
            left = (side - box[0] - box[2]) / 2
            baseline = side / 2 - self._middle * em / _REFERENCE
            ImageDraw.Draw(canvas).text((left, baseline), character, 0, font, anchor="ls")
        return np.asarray(canvas.reduce(_SUPERSAMPLED))

    def _font(self, em):
        """The font at a size in pixels; raises an OSError or a ValueError if it has none."""
        if em not in self._at:
            self._at[em] = ImageFont.truetype(
                io.BytesIO(self._content), em, self._index, layout_engine=ImageFont.Layout.BASIC
            )
        return self._at[em]


class Folder(Style):
    """A folder, or a zip archive, of pictures of characters, such as one's own handwriting.

    A file is named after its character, 永.png, or its code point, U+6C38.png; ink is dark.

    Args:
        path: the folder.
        flag: the flag that names it, for messages.

    Attributes:
        left_out: [(file, reason)] of what is not a picture of a character.

    Raises:
        UserError: when it cannot be read.
    """

    def __init__(self, path, flag="--target_fonts"):
        self._tree = open_tree(path, flag, 1 << 32, advice="unpack it, and give the folder")
        self._files, self.left_out = {}, []
        for file in self._tree.files():
            character = _character_of(file)
            if character is None:
                self.left_out.append((file, "not named after a character"))
            elif character in self._files:
                self.left_out.append((file, f"{self._files[character]!r} is the same character"))
            else:
                self._files[character] = file
        self.left_out += self._tree.left_out
        digest = hashlib.sha256()
        for character, file in sorted(self._files.items()):
            print_ = self._tree.fingerprint(file)
            digest.update(f"{character}\0{print_}\n".encode())
        super().__init__(os.path.basename(os.path.abspath(path)), digest.hexdigest())

    def box(self, character):
        try:
            return self._ink(character).point(lambda value: 255 * (value >= _INK)).getbbox()
        except ValueError:
            return None

    def draw(self, character, size):
        ink, box = self._ink(character), self.box(character)
        if not box:
            raise ValueError("blank")
        scale = self._scale * size
        # The rectangle of the scan that the picture shows.
        left = (box[0] + box[2]) / 2 - size / scale / 2
        top = self._middle - size / scale / 2
        matrix = (1 / scale, 0, left, 0, 1 / scale, top)
        side = (_SUPERSAMPLED * size,) * 2
        finer = tuple(
            each / _SUPERSAMPLED if at % 3 < 2 else each for at, each in enumerate(matrix)
        )
        shown = ink.transform(side, Image.Transform.AFFINE, finer, Image.Resampling.BILINEAR)
        return 255 - np.asarray(shown.reduce(_SUPERSAMPLED))

    def _ink(self, character):
        """The ink of a character in its file, 255 where it is darkest: `PIL.Image`, square."""
        if character not in self._files:
            raise ValueError("not in the folder")
        try:
            with (
                self._tree.open(self._files[character]) as content,
                image_file.decoded(content) as picture,
            ):
                gray = image_file.over_white(picture).convert("L")
                gray = ImageOps.pad(gray, (_SCAN, _SCAN), color=gray.getextrema()[1])
                gray = ImageOps.autocontrast(gray, cutoff=1)
        except UNREADABLE as error:
            raise ValueError(reason_of(error)) from error
        return ImageOps.invert(gray)


class Layout:
    """How to set the characters of a style: widths by its source font, in sides of a picture.

    Args:
        source: the `Font`, measured.
        target: that of the style; its line is taken, and gaps are wider or narrower than those of the
            source by what the median character's are.
        characters: by which this is found, at most 1,000 of them.

    Attributes:
        em: of the source.
        line: the part of a picture above the line that characters stand on.
        space: the width of a space; a quarter of the em if it is damaged.
    """

    def __init__(self, source, target, characters):
        self._source = source
        self.em, self.line = source.em, target.line
        try:
            self.space = source.advance(" ")
        except ValueError:
            self.space = source.em / 4
        every = math.ceil(len(characters) / _MEASURED)
        both = [
            [each.box(one) and each.horizontal(one) for each in (source, target)]
            for one in characters[::every]
        ]
        found = np.array([each for each in both if None not in each]).reshape(-1, 2, 3)
        wider = found[:, 1] - found[:, 0]
        self._wider = np.median(wider, axis=0) if len(wider) else np.zeros(3)

    def gaps(self, character):
        """Returns the gaps before and after a character that the source font draws."""
        before, _, after = self._source.horizontal(character)
        return before + self._wider[0], after + self._wider[2]


def style(path, flag="--target_fonts"):
    """Returns the `Style` of a font's file, or of a folder of pictures of characters."""
    if os.path.isdir(path) or path.lower().endswith(".zip"):
        return Folder(path, flag)
    return Font(path, flag)


def _indexed(path):
    """(file, index) of "file#index"; a file of exactly this name has the index 0."""
    match = re.fullmatch(r"(.+)#(\d{1,3})", path, re.DOTALL)
    if not match or os.path.lexists(path):
        return path, 0
    return match[1], int(match[2])


def _ink_box(font, character, side):
    """The box of a glyph's ink, relative to the origin; None without ink.

    Raises:
        ValueError: with the reason, when it is damaged, or much larger than a side in pixels.
    """
    try:
        if max(map(abs, font.getbbox(character, anchor="ls"))) > _LARGEST * side:
            raise ValueError("larger than its font says")
        mask, (left, top) = font.getmask2(character, "L", anchor="ls")
    except (OSError, MemoryError, OverflowError, Image.DecompressionBombError) as error:
        raise ValueError(f"damaged: {reason_of(error)}") from error
    box = mask.getbbox()
    return box and (left + box[0], top + box[1], left + box[2], top + box[3])


def _character_of(file):
    """The character that a file is named after; None if it is named otherwise."""
    stem = pathlib.PurePath(file).stem
    code = re.fullmatch(r"(?:U\+?|uni)([0-9A-Fa-f]{4,6})", stem)
    if code and int(code[1], 16) <= 0x10FFFF:
        stem = chr(int(code[1], 16))
    return stem if len(stem) == 1 and is_visible(stem) else None
