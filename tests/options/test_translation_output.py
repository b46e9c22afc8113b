"""Where translations are written: never over the images that they are made of."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options.translation_output import part_path
from gan_tf.runs.run_dir import RunDir
from gan_tf.translate import Options


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos" / "source").mkdir(parents=True)
    for name in ("a.png", "b.jpg", "all.zip"):
        (tmp_path / "photos" / name).touch()
    return RunDir(tmp_path / "run")


@pytest.mark.parametrize(
    "images, out",
    [
        ("photos", "photos"),
        ("photos", "photos/../photos/"),
        ("photos/source", "photos"),
        ("photos/a.png", "photos"),
        ("run/translated", None),
    ],
)
def test_images_are_not_replaced(run, images, out):
    with pytest.raises(UserError, match=r"would replace images.*give another --out"):
        Options(images=images, out=out).check_folder(run)


@pytest.mark.parametrize(
    "images, out",
    [
        ("photos", "photos/translated"),
        ("photos", "."),
        ("photos", None),
        ("photos/b.jpg", "photos"),
        ("photos/all.zip", "photos"),
        (None, "photos"),
    ],
)
def test_other_folders_are_fine(run, images, out):
    Options(images=images, out=out).check_folder(run)


def test_a_folder_that_cannot_be_made_is_refused(run):
    with pytest.raises(UserError, match=r"'.*a\.png' is not a folder"):
        Options(images="photos", out="photos/a.png/out").check_folder(run)


@pytest.mark.parametrize("part, path", [("output", "x.png"), ("source", "source/x.png")])
def test_outputs_lie_in_the_folder_and_the_rest_below(tmp_path, part, path):
    assert part_path(tmp_path, part, "x.png") == tmp_path / path
