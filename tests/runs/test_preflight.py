"""What a training reads and writes is checked before TensorFlow is imported."""

import os

import pytest

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.runs import preflight
from tests.conftest import bare_run


def check(tmp_path, **options):
    options = {"run_dir": str(tmp_path / "runs" / "new"), "dataset": "mnist"} | options
    preflight.check(Config(**options).resolve())


@pytest.mark.parametrize(
    "options, message",
    [
        (
            dict(dataset="image_folder", image_dir="gone"),
            "There is no directory 'gone'.*--image_dir",
        ),
        (
            dict(dataset="audio_folder", audio_dir="{tmp}/file"),
            "file' is neither a folder nor a zip archive, which --audio_dir takes",
        ),
        (
            dict(dataset="video_folder", video_dir="/dev/zero"),
            "'/dev/zero' is a device or a pipe.*correct --video_dir",
        ),
        (dict(data_dir="gone"), "There is no directory 'gone': correct --data_dir, or create it"),
        (dict(dataset="celeb_a", celeb_a_archive="gone.zip"), "no file or folder 'gone.zip'"),
        (dict(features="inception", inception_weights="gone.h5"), "There is no file 'gone.h5'"),
        (dict(features="keras_model('gone.keras')"), "there is no file 'gone.keras'"),
        (
            dict(dataset="motifs", trick=("feedback('gone.keras')",)),
            "There is no scorer 'gone.keras': correct --trick=feedback",
        ),
        (
            dict(dataset="celeb_a", conditional="acgan", label="Smilng"),
            r"--label=Smilng: 'celeb_a' has no such attribute \(did you mean 'Smiling'\?\)",
        ),
        (dict(classes="5,12"), "--classes=5,12: 'mnist' has no class '12'"),
        (dict(dataset="glyphs", leave_out="x"), "--leave_out=x: 'glyphs' has no class 'x'"),
        (dict(init_from="gone"), "'gone' is not a run directory"),
        (dict(run_dir="{tmp}/file"), "--run_dir=.*is a file, but a folder is written"),
        (
            dict(run_dir="{tmp}/file/run"),
            "--run_dir=.* cannot be written: '.*file' is not a folder",
        ),
        (dict(run_dir="{tmp}/full"), "'.*full' is not empty and is not a run"),
        (
            dict(run_dir="{tmp}/run", latent_dim=5),
            r"belongs to a run with --arch=mlp \(now dcgan\), --latent_dim=100 \(now 5\), which",
        ),
        (dict(init_from="{tmp}/untrained"), "has no checkpoint yet"),
        (dict(tune="{tmp}/mine.json"), "mine.json is not a file that --tune has written"),
        (dict(tune="{tmp}/file/x.json"), "--tune=.* cannot be written: '.*file' is not a folder"),
    ],
)
def test_refuses_at_once_and_leaves_nothing(tmp_path, options, message):
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "mine.json").write_text('{"mine": 1}')
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    bare_run(tmp_path / "run")
    bare_run(tmp_path / "untrained", steps=())
    before = sorted(os.listdir(tmp_path))
    filled = {
        name: value.format(tmp=tmp_path) if isinstance(value, str) else value
        for name, value in options.items()
    }
    with pytest.raises(UserError, match=message):
        check(tmp_path, **filled)
    assert sorted(os.listdir(tmp_path)) == before


def test_what_can_be_trained_passes(tmp_path, photos):
    check(tmp_path)
    check(tmp_path, dataset="glyphs", data_dir=str(tmp_path / "to be made"))
    check(tmp_path, dataset="image_folder", image_dir=str(photos))
    bare_run(tmp_path / "run")
    check(tmp_path, run_dir=str(tmp_path / "run"), arch="mlp")
    check(tmp_path, classes="5,6", conditional="concat")
    check(tmp_path, dataset="celeb_a", conditional="concat", label="Smiling", classes="Smiling")
    check(tmp_path, init_from=str(tmp_path / "run"))
