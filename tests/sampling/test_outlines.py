"""Outlines of pictures: straight stays straight, round stays round, holes run the other way."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from gan_tf.sampling.outlines import outlines


def picture(draw_on, size=32, finer=8):
    image = Image.new("L", (finer * size,) * 2, 255)
    draw_on(ImageDraw.Draw(image), finer)
    return np.asarray(image.reduce(finer))


def signed_area(points):
    x, y = points.T
    return (np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def test_a_rectangle_is_its_corners():
    made = picture(lambda draw, k: draw.rectangle([4 * k, 8 * k, 20 * k - 1, 28 * k - 1], 0))
    ((points, is_on),) = outlines(made)
    assert points.min(axis=0) == pytest.approx([4, 8], abs=0.3)
    assert points.max(axis=0) == pytest.approx([20, 28], abs=0.3)
    assert abs(signed_area(points)) == pytest.approx(16 * 20, rel=0.02)
    assert is_on.sum() >= 8  # on its long sides
    assert len(points) < 24


def test_a_ring_has_a_hole_that_runs_the_other_way_and_is_round():
    def ring(draw, k):
        draw.ellipse([4 * k, 4 * k, 28 * k, 28 * k], 0)
        draw.ellipse([10 * k, 10 * k, 22 * k, 22 * k], 255)

    found = sorted(outlines(picture(ring)), key=lambda each: len(each[0]))
    areas = [signed_area(points) for points, _ in found]
    assert len(found) == 2 and areas[0] * areas[1] < 0
    for (points, is_on), radius in zip(found, (6, 12)):
        assert not is_on.any()
        middles = (points + np.roll(points, 1, axis=0)) / 2  # where the outline passes
        assert np.hypot(*(middles - 16).T) == pytest.approx(radius, abs=0.35)


def test_nothing_and_specks_have_no_outline():
    white = np.full((16, 16), 255, np.uint8)
    assert outlines(white) == []
    white[3, 3] = 110
    assert outlines(white) == []


def test_ink_at_the_border_is_closed():
    ((points, _),) = outlines(np.zeros((8, 8), np.uint8))
    assert points.min() == pytest.approx(0, abs=0.3) and points.max() == pytest.approx(8, abs=0.3)
