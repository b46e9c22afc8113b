"""What the tests of sampling share."""

import pytest

from gan_tf.runs.trained_run import TrainedRun
from tests.conftest import tiny, untrained


@pytest.fixture(scope="session")
def make(photos, tmp_path_factory):
    """Makes the `TrainedRun` of a run that has learned nothing; the same options, the same one."""
    kept = {}

    def make(**changes):
        key = str(sorted(changes.items()))
        if key not in kept:
            folder = tmp_path_factory.mktemp("sampling") / "run"
            kept[key] = TrainedRun(untrained(tiny(photos, folder, **changes)))
        return kept[key]

    return make
