"""Folders of characters made of sheets: what of the scans is left out."""

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import handwriting, template_sheet
from gan_tf.errors import UserError


def test_a_scan_without_ink_or_of_nothing_is_left_out_and_said(tmp_path, capsys):
    scans = tmp_path / "scans"
    handwriting.make("AB", None, scans / "empty.png")
    Image.fromarray(np.full((40, 40), 200, np.uint8)).save(scans / "other.png")
    (scans / "cut.png").write_bytes((scans / "empty.png").read_bytes()[:500])
    with pytest.raises(UserError, match="shows no sheet with characters on it"):
        handwriting.read(str(scans), 1 << 20, "AB", tmp_path / "out")
    said = capsys.readouterr().out
    assert "'other.png' (its black squares and the row between them are not found)" in said
    assert "'cut.png'" in said and "'empty.png'" not in said
    assert not (tmp_path / "out").exists()


def test_a_sheet_is_as_large_as_its_paper_and_the_same_each_time(tmp_path):
    for name in ("a.png", "b.png"):
        handwriting.make("AB", None, tmp_path / name)
    with Image.open(tmp_path / "a.png") as image:
        inches = np.divide(image.size, image.info["dpi"])
    np.testing.assert_allclose(25.4 * inches, template_sheet.PAGE, rtol=1e-3)
    assert len({(tmp_path / each).read_bytes() for each in ("a.png", "b.png")}) == 1
