"""`python -m gan_tf.handwriting`, as a user runs it."""

import numpy as np
import pytest
from PIL import Image

from gan_tf import handwriting
from gan_tf.data import template_sheet
from gan_tf.data.styles import style
from gan_tf.errors import UserError

CHARACTERS = "ABCab/."


def run(*arguments):
    return handwriting.main(["handwriting", f"--charset={CHARACTERS}", *map(str, arguments)])


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.png"
    assert run(f"--out={path}") == 0
    return path


def test_sheets_are_made_written_on_and_read_as_a_style(sheet, tmp_path, capsys):
    with Image.open(sheet) as image:
        page = image.copy()
    for index in range(5):
        left, top, side = (round(8 * each) for each in template_sheet.read_box(index))
        page.paste(0, (left + 20, top + 10 * index, left + side // 2, top + side - 20))
    scans = tmp_path / "scans"
    scans.mkdir()
    page.rotate(1, fillcolor=230).save(scans / "1.jpg")
    page.save(scans / "2.png")
    (scans / "notes.txt").write_text("none")
    out = tmp_path / "mine"
    assert run(f"--images={scans}", f"--out={out}") == 0
    said = capsys.readouterr().out
    assert "'2.png' (its page was read before)" in said and "'notes.txt'" in said
    assert "Not found, or empty: / ." in said and f"--target_fonts={out}" in said
    assert {each.name for each in out.iterdir()} == {f"U+{ord(each):04X}.png" for each in "ABCab"}
    made = style(str(out))
    made.measure(tuple(CHARACTERS))
    drawn = [made.draw(each, 32) for each in "ABCab"]
    heights = [np.ptp(np.nonzero((each < 128).any(axis=1))) for each in drawn]
    assert heights[0] > heights[4] + 3


@pytest.mark.parametrize("name, kept", [("x.pdf", ["x.pdf"]), ("x.png", ["x-1.png", "x-2.png"])])
def test_several_pages_are_in_one_file_or_in_several(tmp_path, name, kept):
    characters = "".join(map(chr, range(0x21, 0x7F)))
    handwriting.main(["handwriting", f"--charset={characters}", f"--out={tmp_path / name}"])
    assert sorted(each.name for each in tmp_path.iterdir()) == kept
    content = (tmp_path / kept[0]).read_bytes()
    assert content.startswith((b"%PDF", b"\x89PNG"))


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["--images={sheet}", "--out={sheet}"], "is a file, but a folder is written"),
        (["--images={sheet}"], "shows no sheet with characters on it"),
        (["--out={sheet}.jpg"], "ends in .pdf or .png"),
        (["--images=nowhere"], "no file or folder 'nowhere'"),
        (["--source_font=nowhere"], "font 'nowhere' cannot be used"),
    ],
)
def test_what_cannot_be_used_is_said(sheet, arguments, words):
    with pytest.raises(UserError, match=words):
        run(*(each.format(sheet=sheet) for each in arguments))
