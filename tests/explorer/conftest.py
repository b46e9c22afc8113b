"""A trained run, its server's test client."""

import pytest

from gan_tf.explorer import server
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training import loop
from tests.conftest import tiny


@pytest.fixture(scope="session")
def explored(photos, tmp_path_factory):
    """A conditional run of two epochs, with snapshots and logs."""
    config = tiny(
        photos,
        tmp_path_factory.mktemp("explorer") / "my run",
        conditional="concat",
        prior="uniform",
        log_every="1step",
        sample_every="5steps",
    )
    loop.train(config)
    return TrainedRun(config.run_dir)


@pytest.fixture(scope="session")
def client(explored):
    return server.app(explored).test_client()
