"""Reads template sheets that were written on, from scans and photos."""

import itertools

import contourpy
import numpy as np
from PIL import Image, ImageFilter

from gan_tf.data import template_sheet

_SIDE = 1200  # pixels of the longer side in which the marks are searched
_DARK = 0.6  # of the paper, below which a pixel is dark there
_CANDIDATES = 10  # for marks: the largest squares
_SOLID = 0.8  # of its square that a mark fills, at least
_PAPER = 24  # parts of a page's longer side: what is dark in all of one is not paper
_SHEET_SIDE = 120  # pixels of the longer side in which the brightness of the paper is measured
_INK = (0.4, 0.85)  # of the paper's brightness: black, and white
_SEEN = 128  # a darker pixel counts as written
_LEAST = 0.002  # of a box, in pixels that are written
_SIZE = 256  # pixels of a picture
_LARGEST = 5000  # pixels of the longer side, to which larger scans are reduced


class SheetError(ValueError):
    """A scan shows no page; the text is the reason."""


def read(image, characters):
    """Reads a scan or a photo of a page.

    It may be of any size, turned, in perspective, and on gray or unevenly lit paper.

    Args:
        image: a grayscale `PIL.Image`.
        characters: those of all pages.

    Returns:
        The page's index, and {character: uint8 (256, 256), black on white}, of those that are written.

    Raises:
        SheetError: when its marks are not found, or it is a page of other characters.
    """
    if max(image.size) > _LARGEST:
        image = image.copy()
        image.thumbnail((_LARGEST, _LARGEST))
    image = _flattened(image)
    page, to_scan = _found(image, characters)
    written = {}
    for index, character in enumerate(template_sheet.page_characters(characters, page)):
        picture = _cut(image, to_scan, *template_sheet.read_box(index))
        if np.mean(picture < _SEEN) >= _LEAST:
            written[character] = picture
    return page, written


def _flattened(image):
    """The scan with its paper white everywhere."""
    ratio = _SHEET_SIDE / max(image.size)
    small = image.resize([max(1, round(each * ratio)) for each in image.size], Image.Resampling.BOX)
    widest = 2 * (_SHEET_SIDE // _PAPER // 2 + 1) + 1
    paper = small.filter(ImageFilter.MaxFilter(widest)).filter(ImageFilter.GaussianBlur(2))
    paper = np.asarray(paper.resize(image.size, Image.Resampling.BILINEAR), np.float32)
    share = np.asarray(image, np.float32) / np.maximum(paper, 1)
    return Image.fromarray(np.uint8(np.clip(255 * share, 0, 255)))


def _found(image, characters):
    """The page's index, and the projective map from mm to pixels of the scan, (3, 3)."""
    squares = _squares(image)
    pixels = np.asarray(image)
    others = False
    for chosen in itertools.combinations(squares, 4):  # first of the largest
        around = np.array(chosen)
        around = around[np.argsort(np.arctan2(*(around - around.mean(axis=0)).T[::-1]))]
        for turn in range(4):  # clockwise, as the corners are; the first one can be any
            to_scan = _projection(template_sheet.CORNERS, np.roll(around, turn, axis=0))
            cells = _dark(pixels, _projected(to_scan, template_sheet.code_points()))
            found = template_sheet.read_code(cells)
            if found is None:
                continue
            page, first = found
            same = first == np.packbits(template_sheet.code_of(0, characters)).tobytes()
            if same and page < template_sheet.page_count(characters):
                return page, to_scan
            others = others or list(chosen) == squares[:4]
    if others:
        raise SheetError(
            "it is a sheet of other characters: give the --charset that it was made for"
        )
    raise SheetError("its black squares and the row between them are not found")


def _squares(image):
    """The centers of the largest solid dark squares, [(x, y)], in pixels from the upper left corner."""
    ratio = min(1.0, _SIDE / max(image.size))
    small = image.resize([max(2, round(each * ratio)) for each in image.size], Image.Resampling.BOX)
    pixels = np.pad(np.asarray(small, np.float32), 1, constant_values=255)
    found = []
    for line in contourpy.contour_generator(z=pixels).lines(255 * _DARK):
        x, y = line.T - 1
        # The area and the center of mass of the polygon.
        cross = x[:-1] * y[1:] - x[1:] * y[:-1]
        area = abs(cross.sum()) / 2
        side = max(np.ptp(x), np.ptp(y))
        if area < 25 or min(np.ptp(x), np.ptp(y)) < 0.7 * side:
            continue
        center = [((each[:-1] + each[1:]) * cross).sum() / (3 * cross.sum()) for each in (x, y)]
        # A turned square fills less of its upright box, and its own side is shorter.
        inner = np.hypot(x - center[0], y - center[1])
        if area < _SOLID * 2 * inner.max() ** 2 or inner.min() < 0.6 * inner.max():
            continue
        if pixels[round(center[1]) + 1, round(center[0]) + 1] < 255 * _DARK:
            found.append((area, [(each + 0.5) / ratio for each in center]))
    found.sort(key=lambda each: -each[0])
    return [center for _, center in found[:_CANDIDATES]]


def _projection(corners, points):
    """The projective map (3, 3) that takes four points to four others."""
    rows = []
    for (x, y), (u, v) in zip(corners, points):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    try:
        solved = np.linalg.solve(np.array(rows, np.float64), np.reshape(points, -1))
    except np.linalg.LinAlgError:  # three of them are on a line
        return np.eye(3)
    return np.append(solved, 1).reshape(3, 3)


def _projected(matrix, points):
    """Points (n, 2) under a projective map."""
    made = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return made[:, :2] / made[:, 2:]


def _dark(pixels, points):
    """Which points of a scan are dark; those outside are not."""
    x, y = np.floor(np.clip(np.nan_to_num(points), -1, max(pixels.shape))).astype(int).T
    height, width = pixels.shape
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    values = pixels[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]
    return inside & (values < 255 * _DARK)


def _cut(image, to_scan, left, top, side):
    """A square of the page, (left, top, side) in mm, as black ink on white: uint8 (256, 256)."""
    finer = 2 * _SIZE
    to_page = np.array([[side / finer, 0, left], [0, side / finer, top], [0, 0, 1]])
    matrix = to_scan @ to_page
    coefficients = (matrix / matrix[2, 2]).reshape(-1)[:8]
    cut = image.transform(
        (finer, finer),
        Image.Transform.PERSPECTIVE,
        tuple(coefficients),
        Image.Resampling.BICUBIC,
        fillcolor=255,
    ).reduce(2)
    black, white = _INK
    share = (np.asarray(cut, np.float32) / 255 - black) / (white - black)
    return np.uint8(np.clip(share, 0, 1) * 255 + 0.5)
