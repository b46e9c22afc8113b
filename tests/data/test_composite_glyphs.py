"""Glyphs made of glyphs: those of fonts that ship pass, and those that multiply do not."""

import io
import itertools
import pathlib

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from gan_tf.data import composite_glyphs
from gan_tf.data.fonts import shipped


def outline():
    pen = TTGlyphPen(None)
    for at, point in enumerate([(0, 0), (0, 500), (500, 500)]):
        (pen.lineTo if at else pen.moveTo)(point)
    pen.closePath()
    glyph = pen.glyph()
    glyph.xMin = glyph.yMin = 0
    glyph.xMax = glyph.yMax = 500
    return glyph


def of(*names):
    glyph = Glyph()
    glyph.numberOfContours, glyph.components = -1, []
    glyph.xMin = glyph.yMin = glyph.xMax = glyph.yMax = 0
    for name in names:
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = name, 0, 0, 0x2
        glyph.components.append(part)
    return glyph


def font(**glyphs):
    glyphs = {".notdef": outline()} | glyphs
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({65: list(glyphs)[-1]})
    builder.setupGlyf(glyphs, calcGlyphBounds=False)
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    builder.font.recalcBBoxes = False
    content = io.BytesIO()
    builder.font.save(content)
    return content.getvalue()


def multiplied(times):
    """A font of whose four glyphs each has `times` the parts of the one before."""
    made = {each: of(*[below] * times) for below, each in itertools.pairwise("abcde")}
    return font(a=without_ink(), **made)


def without_ink():
    glyph = Glyph()
    glyph.numberOfContours = 0
    return glyph


def test_glyphs_of_shipped_fonts_and_of_collections_pass():
    for name in ("DejaVuSans", "cmr10"):
        composite_glyphs.check(pathlib.Path(shipped(name)).read_bytes(), 0)
    fonts = TTCollection()
    fonts.fonts = [TTFont(shipped("DejaVuSans")), TTFont(io.BytesIO(multiplied(10)))]
    content = io.BytesIO()
    fonts.save(content)
    composite_glyphs.check(content.getvalue(), 0)
    with pytest.raises(ValueError, match="made of too many others"):
        composite_glyphs.check(content.getvalue(), 1)


def test_the_parts_of_parts_are_counted():
    composite_glyphs.check(multiplied(7), 0)  # 7 + 7^2 + 7^3 + 7^4 = 2,800
    with pytest.raises(ValueError, match="made of too many others"):
        composite_glyphs.check(multiplied(8), 0)  # 4,680


def test_a_glyph_that_contains_itself_is_refused():
    with pytest.raises(ValueError, match="made of too many others"):
        composite_glyphs.check(font(a=of("b"), b=of("c"), c=of("a")), 0)


@pytest.mark.parametrize("length", [4, 13, 40])
def test_a_cut_directory_is_said(length):
    with pytest.raises(ValueError, match="damaged"):
        composite_glyphs.check(multiplied(2)[:length], 0)
