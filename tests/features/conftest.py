"""A file as Keras publishes its InceptionV3, but of random weights."""

import h5py
import keras
import pytest


@pytest.fixture(scope="session")
def inception_files(tmp_path_factory):
    """Paths of {"top": ..., "notop": ...}."""
    folder = tmp_path_factory.mktemp("inception")
    keras.utils.set_random_seed(0)
    files = {}
    for name, top in (("top", True), ("notop", False)):
        model = keras.applications.InceptionV3(include_top=top, weights=None)
        files[name] = folder / f"{name}.h5"
        model.save(folder / "whole.h5")
        with h5py.File(folder / "whole.h5") as whole, h5py.File(files[name], "w") as file:
            weights = whole["model_weights"]
            file.attrs.update(weights.attrs)
            for layer in weights:
                whole.copy(weights[layer], file, layer)
    return files
