"""Template sheets: what was written on them is found in scans and photos of any kind."""

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import scanned_sheet, template_sheet
from gan_tf.data.fonts import source_style

CHARACTERS = tuple("AbCdEfGhIjKlMnOp/.")
EMPTY = "Cd"
MANY = tuple(map(chr, range(0x21, 0x72)))  # one more than a page has
DOTS = 8  # pixels per mm of a sheet


@pytest.fixture(scope="module")
def pen():
    font = source_style()
    font.measure(CHARACTERS)
    return font


def written(characters, page, pen):
    """A page with all characters but two written on it."""
    sheet = template_sheet.sheet(characters, page, pen)
    for index, each in enumerate(template_sheet.page_characters(characters, page)):
        if each not in EMPTY:
            left, top, side = template_sheet.read_box(index)
            ink = Image.fromarray(255 - pen.draw(each, round(DOTS * side)))
            sheet.paste(40, (round(DOTS * left), round(DOTS * top)), ink)
    return sheet


@pytest.fixture(scope="module")
def page(pen):
    return written(CHARACTERS, 0, pen)


def scanned(sheet, angle=0, scale=1.0, paper=1.0, noise=0, tilt=0.0):
    """A scan of a sheet, turned, resized, tilted, and on gray paper with a shadow on one side."""
    size = [round(scale * each) for each in sheet.size]
    image = sheet.resize(size, Image.Resampling.LANCZOS)
    image = image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    map_ = (1 + tilt, tilt / 2, -40 * tilt, 0, 1 + tilt, -40 * tilt, 4e-4 * tilt, 2e-4 * tilt)
    image = image.transform(
        image.size, Image.Transform.PERSPECTIVE, map_, Image.Resampling.BICUBIC, fillcolor=90
    )
    light = np.linspace(paper, 0.7 * paper, image.width)
    pixels = np.asarray(image) * light
    pixels += np.random.default_rng(0).normal(0, noise, pixels.shape)
    return Image.fromarray(np.uint8(pixels.clip(0, 255)))


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"angle": 1.5, "scale": 0.6, "paper": 0.8, "noise": 5},
        {"angle": -2, "scale": 0.9, "paper": 0.75, "noise": 5},
        {"angle": 181, "scale": 0.5, "paper": 0.9},
        {"angle": 2, "scale": 0.8, "paper": 0.8, "noise": 5, "tilt": 0.15},
    ],
)
def test_what_was_written_is_read(page, pen, how):
    index, found = scanned_sheet.read(scanned(page, **how), CHARACTERS)
    assert index == 0 and found.keys() == set(CHARACTERS) - set(EMPTY)
    for character, picture in found.items():
        assert picture.shape == (256, 256) and picture.dtype == np.uint8
        true = pen.draw(character, 256)
        assert np.abs(picture.astype(int) - true).mean() < 0.25 * (255 - true).mean() + 2
        edges = picture[0], picture[-1], picture[:, 0], picture[:, -1]
        assert min(each.min() for each in edges) > 230  # neither paper nor lines


def test_a_page_is_known_by_its_marks(pen):
    index, found = scanned_sheet.read(scanned(written(MANY, 1, pen), 1, 0.6), MANY)
    assert index == 1 and found.keys() == {MANY[80]}


def test_a_sheet_of_other_characters_is_refused(page):
    with pytest.raises(scanned_sheet.SheetError, match="a sheet of other characters"):
        scanned_sheet.read(scanned(page, scale=0.6), CHARACTERS[1:])


@pytest.mark.parametrize("size", [(1, 1), (300, 200)])
def test_a_picture_without_marks_is_refused(size):
    noise = np.random.default_rng(0).integers(0, 256, size).astype(np.uint8)
    for picture in (noise, np.full(size, 255, np.uint8), np.zeros(size, np.uint8)):
        with pytest.raises(scanned_sheet.SheetError, match="are not found"):
            scanned_sheet.read(Image.fromarray(picture), CHARACTERS)
