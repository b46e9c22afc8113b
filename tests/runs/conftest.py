"""What the tests of runs share."""

import pytest

from gan_tf.runs.checkpoint_store import CheckpointStore


@pytest.fixture
def store(tmp_path):
    return CheckpointStore(tmp_path / "checkpoints", keep=2)
