"""Texts in the styles of a run: what the page shows, and what is refused."""

import pathlib

import numpy as np
import pytest
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling import translation, written_text
from gan_tf.translate import Options


def bar(left, right):
    """A picture of 24x24 pixels with ink between two columns."""
    picture = np.full((24, 24, 1), 255, np.uint8)
    picture[:, left:right] = 0
    return picture


def test_wide_characters_keep_their_picture_and_others_are_cut_to_their_ink():
    made = written_text.page("永 a", [[bar(3, 6), bar(10, 14)]])
    assert made.shape == (24, 24 + 8 + 6, 1)
    columns = np.flatnonzero(made[0, :, 0] == 0)
    assert columns.tolist() == [3, 4, 5, 33, 34, 35, 36]


def test_rows_are_below_each_other_on_white():
    made = written_text.page(
        "ab", [[bar(0, 24), bar(0, 24)], [bar(10, 11), np.full_like(bar(0, 0), 255)]]
    )
    assert made.shape == (48, 48, 1)
    assert np.all(made[:24] == 0) and np.all(made[24:, 8:] == 255)


def write(run_dir, **options):
    options = Options(run_dir=run_dir, **options)
    (written_text.write if options.text else translation.translate)(RunDir(run_dir), options)


def lines(path, size=16):
    with Image.open(path) as picture:
        pixels = np.asarray(picture)
    return [pixels[at : at + size] for at in range(0, len(pixels), size)]


@pytest.mark.slow
def test_a_text_in_one_style_in_all_and_between_two(fonts_run, tmp_path):
    write(fonts_run, text="AB", out=str(tmp_path / "all"))
    every = lines(tmp_path / "all" / "text.png")
    assert len(every) == 3  # the source and two styles
    for index, label in enumerate(("DejaVuSerif", "DejaVuSans-Bold")):
        write(fonts_run, text="AB", label=label, out=str(tmp_path / label))
        (one,) = lines(tmp_path / label / "text.png")
        np.testing.assert_array_equal(one, every[1 + index][:, : one.shape[1]])
    names = "DejaVuSerif,DejaVuSans-Bold"
    write(fonts_run, text="AB", interpolate=names, out=str(tmp_path / "between"))
    between = lines(tmp_path / "between" / "text.png")
    assert len(between) == 10
    for mine, expected in ((between[1], every[1]), (between[9], every[2])):
        width = min(mine.shape[1], expected.shape[1])
        np.testing.assert_array_equal(mine[:, :width], expected[:, :width])


@pytest.mark.slow
@pytest.mark.parametrize(
    "options, words",
    [
        ({"text": "永"}, r"永 .U\+6C38.: not in the font"),
        ({"text": "A", "label": "Kai"}, "Kai"),
        ({"text": "A", "interpolate": "DejaVuSerif"}, "give two styles"),
        ({"text": "A" * 201}, "201 characters: give at most 200"),
    ],
)
def test_what_cannot_be_written_is_refused(fonts_run, tmp_path, options, words):
    with pytest.raises(UserError, match=words):
        write(fonts_run, **options, out=str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_images_are_translated_to_a_style_and_pairs_to_their_own(fonts_run, tmp_path):
    Image.fromarray(np.full((16, 16), 255, np.uint8)).save(tmp_path / "x.png")
    for label in ("0", "DejaVuSans-Bold"):
        write(fonts_run, images=str(tmp_path / "x.png"), label=label, out=str(tmp_path / label))
    assert lines(tmp_path / "0" / "x.png")[0].shape == (16, 16)
    write(fonts_run, dataset=True, out=str(tmp_path / "pairs"))
    assert len(list((tmp_path / "pairs").glob("fonts-*.png"))) == 10
    assert pathlib.Path(tmp_path / "pairs" / "scores.csv").exists()
