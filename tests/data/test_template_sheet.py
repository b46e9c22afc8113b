"""Template sheets: the marks that name a page."""

import numpy as np

from gan_tf.data import template_sheet
from gan_tf.data.fonts import source_style


def test_cells_name_the_page_and_the_characters():
    code = template_sheet.code_of(3, "abc")
    assert code.shape == (template_sheet.CODE_BITS,) and code.dtype == bool
    page, first = template_sheet.read_code(code)
    assert page == 3
    assert first == np.packbits(template_sheet.code_of(0, "abc")).tobytes()
    assert first != np.packbits(template_sheet.code_of(0, "abd")).tobytes()
    for index in range(template_sheet.CODE_BITS):
        code[index] ^= True
        assert template_sheet.read_code(code) is None
        code[index] ^= True


def test_a_page_has_marks_and_boxes_within_it():
    characters = tuple(map(chr, range(0x4E00, 0x4E00 + 81)))  # the font has none of them
    assert template_sheet.page_count(characters) == 2
    assert len(template_sheet.page_characters(characters, 1)) == 1
    font = source_style()
    font.measure("A")
    pixels = np.asarray(template_sheet.sheet(characters, 0, font))
    dots = pixels.shape[0] / 297
    for x, y in template_sheet.CORNERS:
        assert pixels[round(dots * y), round(dots * x)] == 0
    cells = [pixels[round(dots * y), round(dots * x)] == 0 for x, y in template_sheet.code_points()]
    assert template_sheet.read_code(cells)[0] == 0
    left, top, side = template_sheet.read_box(79)
    assert left + side < 195 + 7 and top + side < 282 - 3.5
    box = pixels[round(dots * top) : round(dots * (top + side)), round(dots * left) :]
    assert box[:, : round(dots * side)].min() == 255
