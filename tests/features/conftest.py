"""Files as Keras publishes its InceptionV3 and VGG19, but of random weights."""

import h5py
import keras
import pytest


@pytest.fixture(scope="session")
def inception_files(once):
    """Paths of {"top": ..., "notop": ...}."""

    def make(folder):
        folder.mkdir()
        keras.utils.set_random_seed(0)
        model = keras.applications.InceptionV3(weights=None)
        published(model, folder / "top.h5")
        pooled = model.get_layer("avg_pool")
        published(keras.Model(model.input, pooled.input), folder / "notop.h5")

    folder = once("inception", make)
    return {name: folder / f"{name}.h5" for name in ("top", "notop")}


@pytest.fixture(scope="session")
def vgg19_file(once):
    """The path of a file without the classifier."""

    def make(folder):
        folder.mkdir()
        keras.utils.set_random_seed(0)
        published(keras.applications.VGG19(include_top=False, weights=None), folder / "notop.h5")

    return once("vgg19", make) / "notop.h5"


def published(model, path):
    """Writes the weights of a model to a path, as Keras's applications are published."""
    model.save(path.with_name("whole.h5"))
    with h5py.File(path.with_name("whole.h5")) as whole, h5py.File(path, "w") as file:
        weights = whole["model_weights"]
        file.attrs.update(weights.attrs)
        for layer in weights:
            whole.copy(weights[layer], file, layer)
