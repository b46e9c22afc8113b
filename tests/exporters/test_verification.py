"""Code in a process that does not have this package."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.exporters.verification import value_of


def test_the_package_is_not_there_and_the_arrays_are(tmp_path):
    code = """
import os, sys
try:
    import gan_tf.latents
    images = None
except ImportError:
    images = latent + len(os.listdir("."))
"""
    (tmp_path / "one").touch()
    found = value_of("images", code, tmp_path, {"latent": np.arange(3.0)})
    np.testing.assert_array_equal(found, [1, 2, 3])


def test_the_package_may_be_there(tmp_path):
    code = "import gan_tf\nimages = len(gan_tf.__version__) * latent"
    assert value_of("images", code, tmp_path, {"latent": np.ones(1)}, without_package=False) > 0


def test_a_failure_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match=r"and was removed: .* 'ValueError: no digits'"):
        value_of("images", "raise ValueError('no digits')", tmp_path, {})
