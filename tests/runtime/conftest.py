"""What the tests of the runtime share."""

import pathlib

import pytest
import tensorflow as tf

from gan_tf.runtime import device


@pytest.fixture
def machine(monkeypatch):
    def pretend(flags=None, gpus=()):
        def read_text(self):
            if flags is None:
                raise FileNotFoundError(self)
            return f"flags\t\t: fpu {flags} sse"

        monkeypatch.setattr(pathlib.Path, "read_text", read_text)
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: list(gpus))
        device.kind.cache_clear()

    yield pretend
    device.kind.cache_clear()
