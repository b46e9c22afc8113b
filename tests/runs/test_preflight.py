"""What a training reads and writes is checked before TensorFlow is imported."""

import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.options.config import Config
from gan_tf.registry import DATASETS
from gan_tf.runs import preflight
from tests.conftest import ROOT, bare_run
from tests.data.test_audio_file import TONE, wav

EARLY = [each for each in DATASETS.entries.values() if each.attributes.get("checked_early")]


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
        (dict(init_from="gone"), "--init_from: 'gone' is not a run directory"),
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
    check(tmp_path, dataset="image_folder", image_dir=str(photos), batch_size=40)
    bare_run(tmp_path / "run")
    check(tmp_path, run_dir=str(tmp_path / "run"), arch="mlp")
    check(tmp_path, classes="5,6", conditional="concat")
    check(tmp_path, dataset="celeb_a", conditional="concat", label="Smiling", classes="Smiling")
    check(tmp_path, init_from=str(tmp_path / "run"))


@pytest.fixture
def sounds(tmp_path):
    """A folder of two clips at 8 kHz, named as spoken digits."""
    folder = tmp_path / "sounds"
    folder.mkdir()
    for name in ("0_jackson_5.wav", "1_jackson_5.wav"):
        (folder / name).write_bytes(wav(TONE))
    return folder


@pytest.fixture
def videos(tmp_path):
    """A folder of two videos of 16 frames."""
    folder = tmp_path / "videos"
    folder.mkdir()
    for name in ("a.gif", "b.gif"):
        first, *others = (Image.new("L", (8, 8), 10 * each) for each in range(16))
        first.save(folder / name, save_all=True, append_images=others)
    return folder


@pytest.mark.parametrize(
    "options, message",
    [
        (
            dict(dataset="tones", sample_rate=3000),
            "--sample_rate=3000 is too low for the notes of tones",
        ),
        (
            dict(dataset="moving_glyphs", digits=2, conditional="concat"),
            "--conditional=concat needs labels, and .*'moving_glyphs' has none with these options: "
            "leave it out",
        ),
        (
            dict(dataset="tones", classes="A4,H4"),
            "--classes=A4,H4: 'tones' has no class 'H4'",
        ),
    ],
)
def test_refuses_what_a_data_set_cannot_be(tmp_path, options, message):
    with pytest.raises(UserError, match=message):
        check(tmp_path, **options)


def test_a_folder_of_too_few_files(tmp_path, sounds):
    options = dict(dataset="audio_folder", audio_dir=str(sounds), sample_rate=8000)
    with pytest.raises(UserError, match="'audio_folder' has 2 readable clips, fewer than the 3 of"):
        check(tmp_path, **options, batch_size=3)


def test_a_folder_of_which_nothing_can_be_read(tmp_path):
    spoiled = tmp_path / "spoiled"
    spoiled.mkdir()
    (spoiled / "words.wav").write_text("These are words.")
    (spoiled / "crowd.wav").write_bytes(wav(np.stack([TONE] * 8, axis=1)))
    (spoiled / "frameless.gif").write_bytes(b"GIF89a\x08\0\x08\0\0\0\0;")
    with open(spoiled / "hours.wav", "wb") as file:
        file.truncate(5 * 3600 * 44_100 * 4)  # without blocks on disk
    for kind, plural in (("audio", "clips"), ("video", "videos")):
        options = {"dataset": f"{kind}_folder", f"{kind}_dir": str(spoiled)}
        with pytest.raises(UserError, match=f"has no {plural} that can be read. 4 {plural} were"):
            check(tmp_path, **options)


def test_none_of_these_data_sets_waits_for_tensorflow(sounds, videos, photos, tmp_path):
    folders = {"audio_dir": sounds, "video_dir": videos, "image_dir": photos}
    known = {name: str(each) for name, each in folders.items()} | {"sample_rate": 8000}
    code = (
        "import sys\nfrom gan_tf.options.config import Config\nfrom gan_tf.runs import preflight\n"
    )
    for entry in EARLY:
        taken = {each.name for each in entry.arguments}
        options = {name: value for name, value in known.items() if name in taken}
        options |= dict(dataset=entry.name, batch_size=2, run_dir=str(tmp_path / "run"))
        code += f"preflight.check(Config(**{options}).resolve())\n"
    code += "print({'keras', 'tensorflow', 'tensorflow_datasets'} & set(sys.modules))\n"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout == "set()\n"
    assert {each.name for each in EARLY} >= {
        "tones",
        "audio_folder",
        "video_folder",
        "moving_glyphs",
    }
