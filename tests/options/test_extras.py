"""Packages of extras that are not installed are named."""

import pytest

from gan_tf.errors import UserError
from gan_tf.options import extras


def test_what_is_missing_is_named_with_its_extra():
    extras.check("--x", {"needs": (), "extra": ""})
    extras.check("--x", {"needs": ("json", "numpy"), "extra": "some"})
    message = (
        r"^--x=y needs no_such_module: install the extra some, as in pip install 'gan_tf\[some\]'"
    )
    with pytest.raises(UserError, match=message):
        extras.check("--x=y", {"needs": ("json", "no_such_module"), "extra": "some"})
