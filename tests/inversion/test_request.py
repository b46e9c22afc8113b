"""The options of commands that search a latent space are checked with the run."""

import pytest

from gan_tf import invert
from gan_tf.errors import UserError
from gan_tf.inversion.request import read_request
from tests.conftest import bare_run

DIGITS = tuple("0123456789")


@pytest.mark.parametrize(
    "run, options, message",
    [
        ({}, {}, "either --images=FOLDER or --dataset"),
        ({}, dict(images="gone"), "There is no file or folder 'gone'"),
        ({}, dict(dataset=True, label="3"), "the run in '.*run' is not conditional"),
        (dict(conditional="concat"), dict(dataset=True, label="x"), "no such class.*0, 1, 2"),
        ({}, dict(dataset=True, checkpoint="7"), "no checkpoint '7'"),
        ({}, dict(dataset=True, objective=("codes",)), "not a search's"),
        (dict(dataset="image_folder", image_dir="gone"), dict(dataset=True), "correct --image_dir"),
    ],
)
def test_refuses_in_one_sentence(tmp_path, run, options, message):
    bare_run(tmp_path / "run", DIGITS, **run)
    with pytest.raises(UserError, match=message):
        read_request(invert.Options(run_dir=str(tmp_path / "run"), **options), "invert")


def test_data_that_are_not_needed_may_be_missing(tmp_path, photos):
    made = bare_run(tmp_path / "run", DIGITS, dataset="image_folder", image_dir="gone")
    options = invert.Options(run_dir=str(made.path), images=str(photos))
    assert read_request(options, "invert").path == made.path
