"""What the tests of training share."""

import shutil

import keras
import pytest

from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from tests.conftest import tiny

EVERY = dict(sample_every="4steps", checkpoint_every="1epoch", log_every="2steps")


@pytest.fixture
def config(photos, tmp_path):
    """A run of 2 epochs of 5 steps on the 40 photos."""

    def make(**changes):
        return tiny(photos, **EVERY | {"run_dir": tmp_path / "run"} | changes)

    return make


@pytest.fixture(scope="session")
def trained_once(photos, tmp_path_factory):
    """The folder of the run that `config` describes, to be copied."""
    options = tiny(photos, tmp_path_factory.mktemp("trained") / "run", **EVERY)
    assert loop.train(options) == 0
    return options.run_dir


@pytest.fixture
def finished(config, trained_once):
    """The `RunDir` of `config()` after it was trained."""
    shutil.copytree(trained_once, config().run_dir)
    return RunDir(config().run_dir)


@pytest.fixture(autouse=True)
def plain_keras():
    """`train` sets the precision and may ask for determinism; later tests want neither."""
    yield
    keras.config.set_dtype_policy("float32")
