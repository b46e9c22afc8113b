"""What sources are drawn with: their paper and their colors."""

import numpy as np

from gan_tf.explorer.palette import palette

RED, GREEN, GRAY, BLACK, WHITE = (
    (255, 0, 0),
    (0, 200, 0),
    (128, 128, 128),
    (0, 0, 0),
    (255, 255, 255),
)


def filled(color, *patches):
    """An image of one color, with (rows, color) in its middle columns."""
    image = np.full((20, 20, 3), color, np.uint8)
    for rows, patch in patches:
        image[rows, 5:15] = patch
    return image


def test_without_sources_white_is_drawn_on_black():
    assert palette([]) == (BLACK, [WHITE])


def test_lines_are_drawn_with_what_differs_most_from_the_paper():
    dark_on_light = filled(WHITE, (slice(5, 6), BLACK))[..., :1]
    assert palette([dark_on_light]) == (WHITE, [BLACK])
    assert palette([255 - dark_on_light]) == (BLACK, [WHITE])


def test_a_few_colors_are_those_of_the_sources_exactly():
    areas = filled(BLACK, (slice(2, 8), RED), (slice(8, 12), (250, 0, 0)), (slice(12, 18), GREEN))
    paper, pens = palette([areas, areas])
    assert paper == BLACK and pens[0] == WHITE
    assert set(pens) == {WHITE, RED, (250, 0, 0), GREEN}


def test_many_colors_are_a_few_that_differ():
    photo = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    paper, pens = palette([photo])
    assert pens[0] in (BLACK, WHITE) and 3 <= len(pens) <= 8
    colors = np.array([paper, *pens], float)
    apart = np.linalg.norm(colors[:, None] - colors, axis=-1)
    assert apart[~np.eye(len(colors), dtype=bool)].min() > 64


def test_without_a_border_of_one_color_the_paper_is_the_most_frequent():
    areas = np.zeros((30, 30, 3), np.uint8)
    areas[:, :9], areas[:, 9:23], areas[:, 23:] = RED, GREEN, GRAY
    paper, pens = palette([areas])
    assert paper == GREEN and pens[0] == WHITE and set(pens[1:]) == {RED, GRAY}


def test_faint_lines_are_no_reason_for_dark_pens():
    """Most is paper, and each level of the lines is rare."""
    lines = np.zeros((64, 64, 1), np.uint8)
    lines[30, 2:62, 0] = np.arange(60) * 4
    assert palette([lines]) == (BLACK, [WHITE])


def test_a_large_source_is_thinned():
    large = np.zeros((1024, 1024, 1), np.uint8)
    large[300:700, 300:700] = 128
    assert palette([large]) == (BLACK, [WHITE, GRAY])
