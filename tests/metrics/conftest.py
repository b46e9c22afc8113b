"""What the tests of metrics share."""

import pytest

from gan_tf.metrics import neighbors


@pytest.fixture(params=[1 << 23, 100], ids=["one block", "many blocks"])
def block(request, monkeypatch):
    """Distances are computed at once, or in many blocks."""
    monkeypatch.setattr(neighbors, "_BLOCK", request.param)
