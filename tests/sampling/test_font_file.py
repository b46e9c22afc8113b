"""Font files: characters look as their pictures do, and stand where those of the style stand."""

import io
import itertools

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from gan_tf import translate
from gan_tf.data.fonts import Fonts, shipped
from gan_tf.data.styles import Font
from gan_tf.errors import UserError
from gan_tf.sampling import font_file

LETTERS = "AHOVgijp8&."


@pytest.fixture(scope="module")
def data():
    return Fonts(
        charset=LETTERS, target_fonts=(shipped("DejaVuSerif"), shipped("STIXGeneralItalic"))
    )


def traced(data, index=0, facts=None):
    """A font made of the pictures of a style of a data set, and these."""
    layout = data.layout(index)
    made = Font(shipped(data.label_names[index]))
    made.measure(data.characters)
    pictures = {each: made.draw(each, 64) for each in LETTERS}
    return font_file.font("Some Style", pictures, layout, facts), pictures


def test_characters_look_as_their_pictures(data, tmp_path):
    content, pictures = traced(data)
    (tmp_path / "x.ttf").write_bytes(content)
    made = Font(str(tmp_path / "x.ttf"))
    made.measure(data.characters)
    for character, picture in pictures.items():
        off = np.abs(made.draw(character, 64).astype(int) - picture).mean()
        assert off < 0.3 * (255 - picture.astype(int)).mean()
    assert content == traced(data)[0]


def test_a_text_is_as_wide_and_stands_as_that_of_the_style(data):
    content, _ = traced(data, 1)
    own, style = io.BytesIO(content), shipped("STIXGeneralItalic")
    sizes = []
    for each in (own, style):
        font = ImageFont.truetype(each, 100)
        image = Image.new("L", (900, 300), 255)
        ImageDraw.Draw(image).text((50, 200), "HAVE gig 8".replace("E", "O"), 0, font, anchor="ls")
        rows = np.flatnonzero((np.asarray(image) < 128).any(axis=1))
        sizes.append((font.getlength("HAVO gig 8"), rows[0] - 200, rows[-1] - 200))
    assert sizes[0][2] == pytest.approx(sizes[1][2] * sizes[0][1] / sizes[1][1], abs=3)
    ratio = sizes[0][1] / sizes[1][1]  # it has the em of the source font
    assert sizes[0][0] == pytest.approx(ratio * sizes[1][0], rel=0.06)


def test_its_tables_are_complete(data):
    content, _ = traced(data, facts={"Software": "gan_tf"})
    font = TTFont(io.BytesIO(content))
    assert {chr(each) for each in font.getBestCmap()} == set(LETTERS) | {" "}
    name = font["name"]
    assert name.getDebugName(1) == "Some Style" and "gan_tf" in name.getDebugName(10)
    assert font["OS/2"].usWinAscent >= font["head"].yMax
    assert font["OS/2"].usWinDescent >= -font["head"].yMin
    for each in font.getGlyphOrder():
        width, left = font["hmtx"][each]
        assert width >= 0 and left == getattr(font["glyf"][each], "xMin", 0)
    assert TTFont(io.BytesIO(traced(data)[0]))["name"].getDebugName(10) is None


def test_a_style_without_ink_is_refused(data):
    blank = dict.fromkeys("AB", np.full((64, 64), 255, np.uint8))
    with pytest.raises(UserError, match="No character of the style 'x' has an outline"):
        font_file.font("x", blank, data.layout(0))
    # One such character is a gap.
    blank["A"] = traced(data)[1]["A"]
    font = TTFont(io.BytesIO(font_file.font("x", blank, data.layout(0))))
    assert font["glyf"]["uni0042"].numberOfContours == 0 < font["hmtx"]["uni0041"][0]


@pytest.mark.slow
def test_translate_writes_a_font_of_each_style_or_of_one(fonts_run, tmp_path):
    for label, text in itertools.product((None, "DejaVuSans-Bold"), (None, "AB")):
        out = tmp_path / f"{label}-{text}"
        arguments = [f"--run_dir={fonts_run}", "--format=ttf", f"--out={out}"]
        arguments += [f"--label={label}"] * bool(label) + [f"--text={text}"] * bool(text)
        translate.main(["translate", *arguments])
        styles = [label] if label else ["DejaVuSerif", "DejaVuSans-Bold"]
        assert {each.name for each in out.iterdir()} == {f"{each}-generated.ttf" for each in styles}
        font = TTFont(out / f"{styles[-1]}-generated.ttf")
        assert len(font.getBestCmap()) == (3 if text else 21)


@pytest.mark.slow
def test_a_text_that_the_source_font_lacks_makes_no_font(fonts_run, tmp_path):
    with pytest.raises(UserError, match="not in the font"):
        arguments = [
            f"--run_dir={fonts_run}",
            "--format=ttf",
            f"--out={tmp_path / 'x'}",
            "--text=永",
        ]
        translate.main(["translate", *arguments])
    assert not (tmp_path / "x").exists()
