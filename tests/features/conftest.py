"""Files as Keras publishes its InceptionV3 and VGG19, but of random weights."""

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
        files[name] = published(model, folder / f"{name}.h5")
    return files


@pytest.fixture(scope="session")
def vgg19_file(tmp_path_factory):
    """The path of a file without the classifier."""
    keras.utils.set_random_seed(0)
    model = keras.applications.VGG19(include_top=False, weights=None)
    return published(model, tmp_path_factory.mktemp("vgg19") / "notop.h5")


def published(model, path):
    """Writes the weights of a model as Keras's applications are published; returns the path."""
    model.save(path.with_name("whole.h5"))
    with h5py.File(path.with_name("whole.h5")) as whole, h5py.File(path, "w") as file:
        weights = whole["model_weights"]
        file.attrs.update(weights.attrs)
        for layer in weights:
            whole.copy(weights[layer], file, layer)
    return path
