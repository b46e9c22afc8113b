"""What a .keras file holds."""

import keras
import pytest

from gan_tf.exporters.keras_file import KerasFile
from gan_tf.networks.layers import own_layers, to_keras_layers


@pytest.mark.parametrize("generator", ["dcgan", "resnet"], indirect=True)
def test_what_is_stock_needs_nothing_of_this_package(generator):
    assert own_layers(generator) and not own_layers(to_keras_layers(generator, warn=False))


@pytest.mark.parametrize("generator", ["own"], indirect=True)
def test_own_layers_are_kept_where_keras_has_none(generator, tmp_path):
    exporter = KerasFile("images")
    assert exporter.keras_layers_only
    assert exporter.write(generator, tmp_path / exporter.file) == []
    loaded = keras.saving.load_model(tmp_path / "generator.keras", compile=False)
    assert own_layers(loaded) == own_layers(generator) != []
