"""What TensorFlow Lite takes."""

import pytest

from gan_tf.errors import UserError
from gan_tf.exporters import substitutes, tflite
from gan_tf.gans.build import network_spec
from gan_tf.networks import build as networks
from gan_tf.options.config import Config


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["silu", "selu", "softplus", "gelu", "mish"])
def test_each_activation_is_converted(activation, tmp_path):
    config = Config(dataset="mnist", arch="mlp(width=2)", generator_activation=activation)
    network = networks.generator(network_spec(config, (4, 4, 1)))
    tflite.TFLite().write(network, tmp_path / "x")
    assert (tmp_path / "x").is_file()


def test_what_is_still_lacking_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(substitutes, "_SUBSTITUTES", {})
    config = Config(dataset="mnist", arch="mlp(width=2)", prior="truncated_normal")
    network = networks.generator(network_spec(config, (4, 4, 1)))
    with pytest.raises(UserError, match=r"lacks an operation of this generator \(Erf, Erfinv\)"):
        tflite.TFLite().write(network, tmp_path / "x")
    assert not (tmp_path / "x").exists()
