"""What the tests of training share."""

import keras
import pytest

from tests.conftest import tiny


@pytest.fixture
def config(photos, tmp_path):
    """A run of 2 epochs of 5 steps on the 40 photos."""

    def make(**changes):
        options = dict(
            sample_every="4steps",
            checkpoint_every="1epoch",
            log_every="2steps",
            run_dir=tmp_path / "run",
        )
        return tiny(photos, **options | changes)

    return make


@pytest.fixture(autouse=True)
def plain_keras():
    """`train` sets the precision and may ask for determinism; later tests want neither."""
    yield
    keras.config.set_dtype_policy("float32")
