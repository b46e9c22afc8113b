"""What the tests of networks share."""

import keras
import pytest


@pytest.fixture
def float64():
    """Layers compute in float64, for comparisons with finite differences and other formulas."""
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy("float32")
    keras.config.set_floatx("float32")
