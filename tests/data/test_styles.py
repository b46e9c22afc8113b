"""Styles: fonts and folders of characters are drawn alike, and damaged files are refused."""

import os
import pathlib

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from PIL import Image

from gan_tf.data.fonts import shipped
from gan_tf.data.styles import Folder, Font, Layout, style
from gan_tf.errors import UserError

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def measured(made):
    made.measure(LETTERS)
    return made


def ink(picture):
    """(left, top, right, bottom) of what is dark."""
    rows, columns = np.nonzero(picture < 128)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


@pytest.fixture(scope="module")
def sans():
    return measured(Font(shipped("DejaVuSans")))


def test_letters_are_black_on_white_centered_and_as_large_as_the_picture_allows(sans):
    pictures = [sans.draw(each, 64) for each in LETTERS]
    assert {(each.shape, each.dtype.name) for each in pictures} == {((64, 64), "uint8")}
    assert all(each.min() == 0 and each.max() == 255 for each in pictures)
    left, top, right, bottom = np.array([ink(each) for each in pictures]).T
    assert np.all(np.abs(left + right - 64) <= 2)
    # From the highest to the lowest, the letters fill nine tenths.
    assert bottom.max() - top.min() == pytest.approx(0.9 * 64, abs=4)
    assert top.min() + bottom.max() == pytest.approx(64, abs=3)


def test_letters_keep_their_heights(sans):
    _, top, _, bottom = np.array([ink(sans.draw(each, 64)) for each in "xHp"]).T
    assert top[1] < top[0] and abs(bottom[0] - bottom[1]) <= 1 and bottom[2] > bottom[1] + 5


@pytest.mark.parametrize("name", ["DejaVuSerif", "STIXGeneral"])
def test_fonts_of_different_em_are_scaled_alike(sans, name):
    other = measured(Font(shipped(name)))
    heights = [np.subtract(*ink(each.draw("H", 64))[3:0:-2]) for each in (sans, other)]
    assert heights[0] == pytest.approx(heights[1], rel=0.15)


@pytest.mark.parametrize("character, reason", [("永", "not in the font"), ("\u2800", "blank")])
def test_missing_and_blank_characters_have_no_picture(sans, character, reason):
    with pytest.raises(ValueError, match=reason):
        sans.draw(character, 64)


def test_a_style_needs_one_of_the_characters(sans):
    with pytest.raises(UserError, match=r"'DejaVuSans' has none of the characters"):
        Font(shipped("DejaVuSans")).measure("永和九年")


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    path = tmp_path_factory.mktemp("fonts") / "two.ttc"
    fonts = TTCollection()
    fonts.fonts = [TTFont(shipped(each)) for each in ("DejaVuSans", "DejaVuSerif")]
    fonts.save(path)
    return str(path)


def test_a_font_of_a_collection_is_named_by_its_index(collection, sans):
    first, second = (measured(Font(each)) for each in (collection, f"{collection}#1"))
    assert (first.name, second.name) == ("two", "two 1") and first.digest != second.digest
    np.testing.assert_array_equal(first.draw("g", 32), sans.draw("g", 32))
    np.testing.assert_array_equal(
        second.draw("g", 32), measured(Font(shipped("DejaVuSerif"))).draw("g", 32)
    )
    with pytest.raises(UserError, match=r"two\.ttc#2' cannot be used"):
        Font(f"{collection}#2")


def test_a_font_can_be_a_link_and_its_name_can_have_a_hash(tmp_path):
    (tmp_path / "c#1").symlink_to(shipped("DejaVuSans"))
    assert Font(str(tmp_path / "c#1")).name == "c#1"


@pytest.mark.parametrize(
    "kind", ["missing", "pipe", "empty", "text", "cut", "large", "loop", "woff"]
)
def test_what_is_no_font_is_refused_in_a_sentence(kind, tmp_path):
    path, content = tmp_path / "x.ttf", pathlib.Path(shipped("DejaVuSans")).read_bytes()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "large":
        path.write_bytes(content)
        os.truncate(path, (1 << 27) + 1)
    elif kind == "woff":
        font = TTFont(shipped("cmr10"))
        font.flavor = "woff"
        font.save(path)
    elif kind != "missing":
        path.write_bytes({"empty": b"", "text": b"hello", "cut": content[:200]}[kind])
    with pytest.raises(UserError, match=r"'.*x\.ttf' cannot be used \(.+\): correct --source_font"):
        Font(str(path), "--source_font")


def test_damaged_tables_cost_glyphs_or_the_font_but_nothing_else(tmp_path):
    """Random bytes in a font's tables end in one of the errors that are told, and quickly."""
    content = pathlib.Path(shipped("cmr10")).read_bytes()
    rng, outcomes = np.random.default_rng(0), set()
    for index in range(60):
        damaged = np.frombuffer(content, np.uint8).copy()
        places = rng.integers(0, 400 if index % 2 else len(damaged), 1 + index)
        damaged[places] = rng.integers(0, 256, len(places))
        path = tmp_path / f"{index}.ttf"
        path.write_bytes(damaged.tobytes())
        try:
            made = measured(Font(str(path)))
        except UserError:
            outcomes.add("refused")
            continue
        for each in "AgQ":
            try:
                assert made.draw(each, 32).shape == (32, 32)
                outcomes.add("drawn")
            except ValueError:
                outcomes.add("left out")
    assert outcomes >= {"refused", "drawn"}


def test_a_glyph_many_times_larger_than_its_font_says_is_not_drawn(tmp_path):
    font = TTFont(shipped("cmr10"))
    glyph = font["glyf"][font.getBestCmap()[ord("A")]]
    glyph.coordinates.scale((14, 14))
    glyph.recalcBounds(font["glyf"])
    font.save(tmp_path / "x.ttf")
    made = Font(str(tmp_path / "x.ttf"))
    made.measure("BCDE")
    with pytest.raises(ValueError, match="larger than its font says"):
        made.draw("A", 64)


@pytest.fixture
def handwriting(tmp_path, sans):
    """A folder of letters in pictures of 100x120 pixels, gray on a cream paper."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for each in LETTERS:
        page = np.full((120, 100), 230, np.uint8)
        page[30:94, 20:84] = np.minimum(230, sans.draw(each, 64).astype(int) + 60)
        name = f"U+{ord(each):04X}" if each == "A" else each
        Image.fromarray(page).save(folder / f"{name}.png")
    return folder


def test_a_folder_of_characters_is_drawn_as_a_font_is(handwriting, sans):
    made = measured(style(str(handwriting)))
    assert made.name == "mine" and made.left_out == []
    for each in "AgQ":
        difference = np.abs(made.draw(each, 64).astype(int) - sans.draw(each, 64))
        assert difference.mean() < 12  # they were drawn at half the size, and enlarged
    with pytest.raises(ValueError, match="not in the folder"):
        made.draw("é", 64)


def test_files_that_are_not_named_after_a_character_are_left_out(handwriting):
    (handwriting / "notes.txt").write_text("x")
    (handwriting / "A.png").write_bytes((handwriting / "B.png").read_bytes())
    (handwriting / "é.png").write_text("not a picture")
    (handwriting / "-.png").write_bytes(b"")
    Image.new("L", (9, 9), 255).save(handwriting / "ü.png")
    made = Folder(str(handwriting))
    assert made.left_out == [
        ("U+0041.png", "'A.png' is the same character"),
        ("notes.txt", "not named after a character"),
    ]
    made.measure(LETTERS)
    for each in "é-ü":
        with pytest.raises(ValueError):
            made.draw(each, 64)


def test_another_picture_has_another_digest(handwriting):
    before = Folder(str(handwriting)).digest
    assert Folder(str(handwriting)).digest == before
    Image.new("L", (9, 9), 255).save(handwriting / "B.png")
    assert Folder(str(handwriting)).digest != before


def test_a_damaged_space_is_a_quarter_of_the_em(sans, tmp_path):
    font, path = TTFont(shipped("DejaVuSans")), tmp_path / "damaged.ttf"
    for table in font["cmap"].tables:
        if ord(" ") in table.cmap:
            table.cmap[ord(" ")] = "B"
    font.save(path)
    font, content = TTFont(path), bytearray(path.read_bytes())
    start = font.reader.tables["glyf"].offset + font["loca"].locations[font.getGlyphID("B")]
    content[start : start + 2] = (30_000).to_bytes(2, "big")  # contours
    path.write_bytes(content)
    source = Font(str(path))
    source.measure(("A", "C", "D"))
    with pytest.raises(ValueError, match="damaged"):
        source.advance(" ")
    assert Layout(source, sans, ("A", "C", "D")).space == source.em / 4


def test_glyphs_too_small_for_a_size_have_no_picture(tmp_path):
    made, pen = FontBuilder(16_384, isTTF=True), TTGlyphPen(None)
    for point in ((0, 0), (0, 100), (100, 100)):
        (pen.lineTo if pen.points else pen.moveTo)(point)
    pen.closePath()
    made.setupGlyphOrder([".notdef", "A"])
    made.setupCharacterMap({ord("A"): "A"})
    made.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": pen.glyph()})
    made.setupHorizontalMetrics({".notdef": (8192, 0), "A": (100, 0)})
    made.setupHorizontalHeader(ascent=16_384, descent=0)
    made.setupOS2()
    made.setupPost()
    made.save(tmp_path / "small.ttf")
    small = Font(str(tmp_path / "small.ttf"))
    small.measure(("A",))
    assert small.draw("A", 64).min() == 0
    with pytest.raises(ValueError, match="too small in the font for pictures of this size"):
        small.draw("A", 512)
