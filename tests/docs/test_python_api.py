"""The code of the page about Python runs as it stands."""

import re

import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "python_api.md").read_text()
BLOCKS = dict(re.findall(r"^## (.+?)\n.*?```python\n(.+?)```", PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def folder(tmp_path_factory, glyphs_dir):
    """A folder with a run, `runs/from_python`, that the block about runs has trained."""
    path = tmp_path_factory.mktemp("python_api")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        patch.setenv("TFDS_DATA_DIR", str(glyphs_dir))
        made = run("Train a run")
    assert made["run"].step == 100 and made["run"].config.trick == ("ema(0.99)",)
    return path


def code_with(text):
    """The only block of code that has a text."""
    (code,) = (each for each in re.findall(r"```python\n(.+?)```", PAGE, re.DOTALL) if text in each)
    return code


def run(title, **replaced):
    """Runs the first block of a section; returns its variables."""
    code = BLOCKS[title]
    for old, new in replaced.items():
        assert old in code
        code = code.replace(old, new)
    variables = {"__name__": "example"}
    exec(compile(code, title, "exec"), variables)
    return variables


@pytest.mark.slow
def test_a_gan_is_trained_and_saved(monkeypatch, tmp_path):
    import tensorflow as tf
    import tensorflow_datasets as tfds

    digits = tf.zeros((64, 28, 28, 1), tf.uint8), tf.zeros(64)
    monkeypatch.setattr(tfds, "load", lambda *_, **__: digits)
    monkeypatch.chdir(tmp_path)
    made = run("Train a GAN", **{"width=64": "width=4", "epochs=10": "epochs=1"})
    assert made["samples"].shape == (16, 28, 28, 1)
    assert (tmp_path / "gan.keras").is_file()


def test_parts_of_ones_own_are_trained():
    gan = run("Your own networks, losses and tricks")["gan"]
    assert gan.steps_made == 8
    assert [type(each).__name__ for each in gan.tricks] == ["ExponentialMovingAverage", "Clipped"]


@pytest.mark.slow
def test_a_run_is_used(folder, monkeypatch):
    monkeypatch.chdir(folder)
    made = run("Use a trained run", **{"runs/demo": "runs/from_python"})
    assert made["images"].shape == (64, 28, 28, 1) and made["images"].dtype == np.uint8
    assert made["logits"].shape == (64,) and made["real"].shape == (20000, 28, 28, 1)
    with Image.open(folder / "digits.png") as picture:
        assert min(picture.size) > 8 * 28
    other = {}
    exec(code_with("run.samples").replace("runs/demo", "runs/from_python"), other)
    np.testing.assert_array_equal(other["samples"], made["images"])


@pytest.mark.slow
def test_a_command_is_run(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert (folder / run("Run a command")["path"]).is_file()


def test_arrays_are_scored():
    assert 0 < run("Score arrays")["distance"] < 10


@pytest.mark.slow
def test_the_saved_generator_needs_keras_alone(folder, monkeypatch):
    monkeypatch.chdir(folder)
    variables = {}
    exec(code_with("generator.keras").replace("runs/demo", "runs/from_python"), variables)
    assert variables["images"].shape == (16, 28, 28, 1)


def test_each_block_is_one_that_runs():
    ran = {
        "Train a run",
        "Train a GAN",
        "Your own networks, losses and tricks",
        "Use a trained run",
        "Score arrays",
        "Run a command",
    }
    assert set(BLOCKS) == ran
