"""Keras's settings that gan_tf cannot work with: one sentence, before anything is imported."""

import json
import os
import subprocess
import sys

import keras
import pytest

from gan_tf.errors import UserError
from gan_tf.options import keras_settings
from tests.conftest import ROOT, assert_user_error


@pytest.fixture
def not_imported(monkeypatch, tmp_path):
    """As if Keras had not been imported; returns the path of its settings."""
    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path / "keras.json"


@pytest.mark.parametrize("settings", [None, "{}", "no json", "[]", '{"backend": "tensorflow"}'])
def test_the_usual_settings_are_fine(settings, not_imported):
    if settings:
        not_imported.write_text(settings)
    keras_settings.check()


def test_another_backend_is_one_sentence(not_imported, monkeypatch):
    not_imported.write_text(json.dumps({"backend": "jax"}))
    with pytest.raises(UserError, match=r"keras.json' chooses 'jax': set KERAS_BACKEND=tensorflow"):
        keras_settings.check()
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")  # is stronger than the file
    keras_settings.check()
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    with pytest.raises(UserError, match=r"variable KERAS_BACKEND chooses 'torch'"):
        keras_settings.check()


def test_channels_first_is_one_sentence(not_imported):
    not_imported.write_text(json.dumps({"image_data_format": "channels_first"}))
    with pytest.raises(
        UserError, match=r"keras.json' says 'channels_first': set image_data_format"
    ):
        keras_settings.check()


def test_what_the_program_has_set_counts(monkeypatch):
    keras_settings.check()
    monkeypatch.setattr(keras.config, "image_data_format", lambda: "channels_first")
    with pytest.raises(UserError, match="channels_first"):
        keras_settings.check()


@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [
        "from gan_tf.gans.standard import GAN",
        "from gan_tf.networks.dcgan import DCGAN",
        "from gan_tf.runs.trained_run import TrainedRun",
        "import gan_tf; gan_tf.GAN",
    ],
)
def test_imports_say_it(code):
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT), "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith(
        "gan_tf.errors.UserError: gan_tf needs Keras on"
    )


def test_commands_say_it_without_a_traceback(command):
    environment = {"KERAS_BACKEND": "jax"}
    result = command("main", "--dataset=glyphs", "--run_dir=run", env=environment)
    assert_user_error(result, "needs Keras on TensorFlow", "KERAS_BACKEND")
    assert command("generate", "--help", env=environment).returncode == 0
