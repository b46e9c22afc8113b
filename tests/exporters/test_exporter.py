"""Every format holds the generator, whatever it is made of."""

import importlib.util
import pathlib
import types

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.exporters.bundle import with_dtype
from gan_tf.exporters.exported import Input
from gan_tf.exporters.exporter import check_folder, folder_of
from gan_tf.exporters.keras_file import KerasFile
from gan_tf.modalities import image as images
from gan_tf.networks.layers import to_keras_layers
from gan_tf.registry import EXPORTERS
from gan_tf.runs.run_dir import RunDir
from tests.exporters.conftest import CLASSES, KINDS


@pytest.fixture
def exporter(request):
    made = EXPORTERS.build(request.param, {"output": "images"})
    missing = [name for name in made.needs if not importlib.util.find_spec(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")
    return made


@pytest.fixture
def use(generator, exporter, tmp_path, monkeypatch):
    """Exports the generator and makes n images by the lines that the model card shows."""

    def use(count, dtype="float32"):
        monkeypatch.chdir(tmp_path)
        stock = with_dtype(to_keras_layers(generator, warn=False), dtype, images.Image())
        told = exporter.write(stock, tmp_path / exporter.file, [1] * CLASSES)
        random = np.random.default_rng(0)
        names = {"latent": random.standard_normal((count, 12), np.float32)}
        inputs = names["latent"]
        if len(generator.inputs) > 1:
            names["label"] = np.arange(count, dtype=np.int32) % CLASSES
            inputs = [names["latent"], names["label"]]
        expected = np.asarray(generator(inputs, training=False))
        exec(exporter.usage([Input(each, "float32") for each in names]), names)
        return np.asarray(names["images"]), expected, told

    return use


# A file of TensorFlow Lite is made from a SavedModel, of which two tell enough.
LONG = ("resnet-tflite", "stylegan2-tflite", "r3gan-tflite", "own-tflite", "own-saved_model")
PAIRS = [
    pytest.param(kind, form, marks=[pytest.mark.slow] if f"{kind}-{form}" in LONG else [])
    for kind in KINDS
    for form in EXPORTERS.names()
    if form != "saved_model" or kind in ("dcgan", "own")
]


@pytest.mark.parametrize("generator, exporter", PAIRS, indirect=True)
def test_it_holds_the_generator(use, generator, exporter):
    found, expected, told = use(3)
    assert np.std(expected) > 0.01
    np.testing.assert_allclose(found, expected, atol=2e-4)
    assert found.dtype == np.float32
    assert all(each.endswith(".") for each in told)


@pytest.mark.slow
@pytest.mark.parametrize("exporter", EXPORTERS.names(), indirect=True)
@pytest.mark.parametrize("generator", ["dcgan"], indirect=True)
def test_pixels_may_be_uint8(use, generator, exporter):
    found, expected, _ = use(5, "uint8")
    assert found.dtype == np.uint8
    difference = found.astype(int) - images.Image().to_stored(expected)
    assert np.abs(difference).max() <= 1 and np.mean(difference != 0) < 0.01


def test_the_folder_is_the_one_that_is_named_or_one_in_the_run(tmp_path):
    run = RunDir(tmp_path / "run")
    options = types.SimpleNamespace(out=None, format="keras", dtype="uint8", direction=None)
    assert folder_of(run, options) == run.exported / "keras-uint8"
    options.direction = "b_to_a"
    assert folder_of(run, options) == run.exported / "keras-uint8-b_to_a"
    options.out = "elsewhere"
    assert folder_of(run, options) == pathlib.Path("elsewhere")


def test_only_a_new_folder_or_one_of_an_export_is_taken(tmp_path):
    check_folder(tmp_path / "new")
    check_folder(tmp_path)
    (tmp_path / "generator.keras").touch()
    with pytest.raises(UserError, match="holds other files"):
        check_folder(tmp_path)
    (tmp_path / "MODEL_CARD.md").touch()
    check_folder(tmp_path)
    with pytest.raises(UserError, match="is a file"):
        check_folder(tmp_path / "generator.keras")


def test_a_function_is_described_by_its_inputs_and_its_output():
    inputs = Input("latent", "float32", (5,), ", from N(0, 1)"), Input("label", "int32")
    (text,) = KerasFile("images").signatures(inputs, (8, 8, 3), "uint8")
    assert text == (
        "`(latent float32 (n, 5), from N(0, 1), label int32 (n,)) -> images uint8 (n, 8, 8, 3)`"
    )
