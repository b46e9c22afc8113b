"""Which pixels are missing."""

import re

import numpy as np
import pytest
from PIL import Image

from gan_tf.data import masks
from gan_tf.errors import UserError

random = np.random.default_rng(0)


def rows(missing):
    return ["".join("#" if each else "." for each in row) for row in missing]


def test_shapes():
    for spec in ("center", "centre", " centre(0.5)"):
        masks.check(spec, (4, 4))
        assert rows(masks.build(spec)((4, 4), random)) == ["....", ".##.", ".##.", "...."]
    for spec in ("left(0.25)", "left(fraction=0.25)", "left(share=0.25)"):
        masks.check(spec, (2, 4))
        assert rows(masks.build(spec)((2, 4), random)) == ["#...", "#..."]


def test_random_pixels_of_a_fraction():
    mask = masks.build("random( share = 0.3)")
    first, second = (mask((100, 100), random) for _ in range(2))
    assert first.mean() == pytest.approx(0.3, abs=0.02) and np.any(first != second)


def test_a_file(tmp_path):
    picture = np.zeros((2, 3), np.uint8)
    picture[0, 2] = 255
    Image.fromarray(picture).save(tmp_path / "mask.png")
    mask = masks.build(str(tmp_path / "mask.png"))
    assert rows(mask((2, 3), random)) == ["..#", "..."]
    with pytest.raises(UserError, match=r"has 3x2 pixels and the images 8x8"):
        mask((8, 8), random)
    Image.fromarray(np.zeros((2, 3), np.uint8)).save(tmp_path / "black.png")
    with pytest.raises(UserError, match="is all black"):
        masks.build(str(tmp_path / "black.png"))((2, 3), random)
    with pytest.raises(UserError, match="cannot be read as an image"):
        masks.build("nothing-here.png")((2, 3), random)


@pytest.mark.parametrize(
    "spec, words", [("centr", "did you mean 'center'"), ("random(2.0)", "between 0 and 1")]
)
def test_refuses(spec, words):
    with pytest.raises(UserError, match=words):
        masks.build(spec)


@pytest.mark.parametrize(
    "spec, message",
    [
        ("missing.png", "The mask 'missing.png' cannot be read"),
        ("random(1.5)", "masks all pixels or none"),
    ],
)
def test_a_mask_is_checked_before_anything_is_loaded(spec, message):
    with pytest.raises(UserError, match=re.escape(message)):
        masks.check(spec, (4, 4))
