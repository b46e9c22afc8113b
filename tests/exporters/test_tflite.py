"""What TensorFlow Lite lacks and gets in another way."""

import numpy as np
import pytest
import scipy.special

from gan_tf.config import Config
from gan_tf.errors import UserError
from gan_tf.exporters import tflite
from gan_tf.networks import build as networks


def test_the_error_function():
    x = np.linspace(-6, 6, 4001, dtype=np.float32)
    np.testing.assert_allclose(tflite.erf(x), scipy.special.erf(x), atol=6e-7)


def test_the_inverse_of_the_error_function():
    x = np.float32(np.concatenate([np.linspace(-0.999, 0.999, 3999), [0.99999, -0.999999]]))
    np.testing.assert_allclose(tflite.erfinv(x), scipy.special.erfinv(x), rtol=3e-6, atol=1e-7)


@pytest.mark.parametrize("activation", ["silu", "selu", "softplus", "gelu", "mish"])
def test_each_activation_is_converted(activation, tmp_path):
    config = Config(dataset="mnist", arch="mlp(width=2)", generator_activation=activation)
    network = networks.generator(config, (4, 4, 1))
    tflite.TFLite().write(network, tmp_path / "x")
    assert (tmp_path / "x").is_file()


def test_what_is_still_lacking_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tflite, "_SUBSTITUTES", {})
    config = Config(dataset="mnist", arch="mlp(width=2)", prior="truncated_normal")
    network = networks.generator(config, (4, 4, 1))
    with pytest.raises(UserError, match=r"lacks an operation of this generator \(Erfinv\)"):
        tflite.TFLite().write(network, tmp_path / "x")
    assert not (tmp_path / "x").exists()
