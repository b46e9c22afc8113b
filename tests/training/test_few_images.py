"""Defaults for a small folder of the user's own images."""

import dataclasses

import pytest
from PIL import Image

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import few_images

TRICKS = ("ema(0.999)", "diff_augment('color,translation')")
CHOSEN = {"batch_size": 32, "width": 32, "flip": True, "trick": TRICKS, "steps": 4000}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of 70 images, two broken ones and a text."""
    folder = tmp_path_factory.mktemp("own")
    for index in range(70):
        Image.new("RGB", (8, 8), (index, 0, 0)).save(folder / f"{index}.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("notes")
    return folder


@pytest.fixture
def argv(folder, tmp_path):
    """The command line of a run on the folder, with further words."""
    own = [f"--image_dir={folder}", f"--run_dir={tmp_path / 'run'}"]
    return lambda words: ["", "--dataset=image_folder", *own, *words]


@pytest.fixture
def resolve(argv):
    """What a command line becomes: its `Config`, and the sentences about it."""

    def resolve(*words):
        config, _ = flags.parse(Config, argv(words), "")
        return few_images.resolve(config, flags.given(Config, argv(words)))

    return resolve


@pytest.fixture
def usual(argv):
    """What a command line would become if nothing were chosen."""
    return lambda *words: flags.parse(Config, argv(words), "")[0].resolve()


def differences(config, other):
    """{name: value} of the first config where it differs."""
    return {
        each.name: getattr(config, each.name)
        for each in dataclasses.fields(config)
        if getattr(config, each.name) != getattr(other, each.name)
    }


def test_a_small_folder_gets_steps_small_batches_flips_and_diff_augment(resolve, usual):
    config, notes = resolve()
    assert differences(config, usual()) == CHOSEN
    [note] = notes
    assert "73 images" in note
    assert '--batch_size=32 --width=32 --flip --trick="ema(0.999)"' in note
    assert "--steps=4000" in note


@pytest.mark.parametrize(
    "words, kept",
    [
        (["--batch_size=128"], ["batch_size"]),  # although it is the default
        (["--noflip"], ["flip"]),
        (["--trick="], ["trick"]),
        (["--trick=label_smoothing(0.9)"], ["trick"]),
        (["--width=64"], ["width"]),
        (["--arch=mlp"], ["width"]),
        (["--gan=bigan"], ["width", "trick"]),
        (["--steps=7"], list(CHOSEN)),
        (["--epochs=7"], list(CHOSEN)),
        (["--max_images=30", "--batch_size=8"], ["batch_size"]),
    ],
)
def test_what_is_given_stays(resolve, usual, words, kept):
    config, _ = resolve(*words)
    expected = {name: value for name, value in CHOSEN.items() if name not in kept}
    assert differences(config, usual(*words)) == expected


@pytest.mark.parametrize("count, steps, size", [(30, 1, 8), (60, 1, 16), (64, 1, 32), (64, 4, 8)])
def test_an_epoch_is_more_than_one_step(resolve, count, steps, size):
    config, _ = resolve(f"--max_images={count}", f"--discriminator_steps={steps}")
    assert config.batch_size == size


def test_a_large_folder_keeps_the_usual_defaults(resolve, usual, monkeypatch):
    monkeypatch.setattr(few_images, "FEW", 73)
    assert resolve() == (usual(), [])


def test_other_data_keep_the_usual_defaults():
    config = Config(dataset="glyphs", max_images=100)
    assert few_images.resolve(config, {"dataset", "max_images"}) == (config.resolve(), [])


def test_a_run_of_the_usual_epochs_that_is_longer_stays_so(resolve, monkeypatch):
    monkeypatch.setattr(few_images, "STEPS", 40)
    assert resolve()[0].steps == 45  # 20 epochs of 73 files, in batches of 32


def test_a_run_keeps_its_values_when_its_command_is_repeated(resolve, folder):
    started, _ = resolve()
    run = RunDir(started.run_dir)
    run.path.mkdir()
    run.write_flags(started)
    extra = folder / "extra.png"
    Image.new("RGB", (8, 8)).save(extra)
    try:
        assert resolve() == (started, [])
        longer, _ = resolve("--steps=9000")
    finally:
        extra.unlink()
    assert differences(longer, started) == {"steps": 9000}
    run.check(longer)  # does not raise
    with pytest.raises(UserError, match=r"--batch_size=32 \(now 16\)"):
        run.check(resolve("--batch_size=16")[0])


def test_an_older_run_of_the_usual_defaults_keeps_those(resolve, usual):
    old = usual()
    run = RunDir(old.run_dir)
    run.path.mkdir()
    run.write_flags(old)
    assert resolve() == (old, [])


def test_repeating_a_run_elsewhere_by_its_flags_changes_nothing(resolve, usual, tmp_path):
    old = usual()
    run = RunDir(tmp_path / "old")
    run.path.mkdir()
    run.write_flags(old)
    assert resolve(f"--flagfile={run.flags}") == (old, [])


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    argv = ["", "--dataset=image_folder", f"--image_dir={tmp_path / 'nowhere'}"]
    config, _ = flags.parse(Config, argv, "")
    with pytest.raises(UserError, match="nowhere"):
        few_images.resolve(config, flags.given(Config, argv))
