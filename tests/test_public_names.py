"""The names of `gan_tf` itself."""

import os
import subprocess
import sys

import pytest

import gan_tf
from gan_tf.errors import UserError
from gan_tf.registry import ARCHITECTURES, GANS
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.training.from_python import train
from tests.conftest import ROOT


@pytest.mark.parametrize("registry", [GANS, ARCHITECTURES], ids=lambda each: each.kind)
def test_every_kind_and_architecture_has_one(registry):
    for name in registry.own_entries:
        entry = registry.load(name)
        assert getattr(gan_tf, entry.__name__) is entry
        assert entry.__name__ in dir(gan_tf)


def test_runs_are_trained_and_loaded():
    assert (gan_tf.train, gan_tf.load, gan_tf.UserError) == (train, TrainedRun, UserError)


def test_others_are_attribute_errors():
    with pytest.raises(AttributeError, match="module 'gan_tf' has no attribute 'gan'"):
        _ = gan_tf.gan
    assert not hasattr(gan_tf, "__path_of_nothing__")


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, gan_tf\n"
        "print(sorted({'tensorflow', 'keras', 'numpy', 'PIL', 'absl'} & set(sys.modules)))\n"
        "gan_tf.train\n"
        "print(sorted({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)))"
    )
    environment = {"PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n[]\n"


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine != "x86_64", reason="on Linux and x86 only"
)
@pytest.mark.parametrize(
    ("given", "expected"), [({}, "True"), ({"TF_ENABLE_ONEDNN_OPTS": "0"}, "False")]
)
def test_tensorflow_uses_onednn_unless_the_environment_says_otherwise(given, expected):
    code = (
        "import gan_tf, tensorflow\n"
        "from tensorflow.python.util import _pywrap_util_port\n"
        "print(_pywrap_util_port.IsMklEnabled())"
    )
    environment = {"PYTHONPATH": str(ROOT)} | given
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == expected
