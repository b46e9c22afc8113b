"""Every format holds the generator, whatever it is made of."""

import importlib.util

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.exporters.bundle import with_dtype
from gan_tf.gans.build import network_spec
from gan_tf.modalities import image as images
from gan_tf.networks import build as networks
from gan_tf.networks.layers import own_layers, to_keras_layers
from gan_tf.options.config import Config
from gan_tf.registry import EXPORTERS

CLASSES = 3
KINDS = {
    "mlp": dict(arch="mlp(width=4)", prior="uniform"),
    "dcgan": dict(arch="dcgan(width=2)", spectral_norm="both", conditional="projection"),
    "shuffled": dict(
        arch="dcgan(width=4)",
        upsampling="pixel_shuffle",
        generator_norm="instance",
        prior="spherical",
    ),
    "resnet": dict(
        arch="resnet(width=2)", upsampling="bilinear", conditional="acgan", prior="lognormal"
    ),
    "own": dict(
        arch="mlp(width=4)",
        generator_norm="virtual_batch",
        conditional="concat",
        prior="truncated_normal",
    ),
    "infogan": dict(arch="mlp(width=4)", trick=("infogan", "ema(0.9)")),
}


@pytest.fixture(scope="module", params=KINDS)
def generator(request):
    options = KINDS[request.param]
    size = 8 if options["arch"].startswith("mlp") else 28
    config = Config(dataset="mnist", latent_dim=12, precision="float32", **options)
    network = networks.generator(network_spec(config, (size, size, 1), CLASSES))
    for layer in network.weights:  # so that statistics and conditioning are not trivial
        layer.assign_add(tf.random.stateless_uniform(layer.shape, (1, 2), -0.2, 0.2))
    return network


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
        conditional = len(generator.inputs) > 1
        if conditional:
            names["label"] = np.arange(count, dtype=np.int32) % CLASSES
            inputs = [names["latent"], names["label"]]
        expected = np.asarray(generator(inputs, training=False))
        exec(exporter.usage(conditional), names)
        return np.asarray(names["images"]), expected, told

    return use


# A file of TensorFlow Lite is made from a SavedModel, of which two tell enough.
PAIRS = [
    (kind, form)
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


@pytest.mark.parametrize("exporter", EXPORTERS.names(), indirect=True)
@pytest.mark.parametrize("generator", ["dcgan"], indirect=True)
def test_pixels_may_be_uint8(use, generator, exporter):
    found, expected, _ = use(5, "uint8")
    assert found.dtype == np.uint8
    difference = found.astype(int) - images.Image().to_stored(expected)
    assert np.abs(difference).max() <= 1 and np.mean(difference != 0) < 0.01


@pytest.mark.parametrize("generator", ["mlp", "own"], indirect=True)
def test_a_saved_model_draws_by_itself(generator, tmp_path):
    conditional = len(generator.inputs) > 1
    EXPORTERS.build("saved_model", {"output": "images"}).write(generator, tmp_path / "x", [0, 1, 0])
    draw = tf.saved_model.load(str(tmp_path / "x")).signatures["generate"]

    def images_of(seed, number, label=-1):
        label = {"label": tf.constant(label)} if conditional else {}
        seed, number = tf.constant(seed, tf.int64), tf.constant(number)
        return np.asarray(draw(seed=seed, num_images=number, **label)["images"])

    first = images_of(7, 6)
    assert first.shape == (6, 8, 8, 1)
    np.testing.assert_array_equal(first, images_of(7, 6))
    assert np.any(first != images_of(8, 6))
    if conditional:  # all of the data are of class 1
        np.testing.assert_array_equal(first, images_of(7, 6, label=1))
        assert np.any(first != images_of(7, 6, label=0))


@pytest.mark.parametrize("generator", ["dcgan", "resnet"], indirect=True)
def test_what_is_stock_needs_nothing_of_this_package(generator):
    assert own_layers(generator) and not own_layers(to_keras_layers(generator, warn=False))


def test_a_layer_inside_a_model_inside_is_found():
    config = Config(
        dataset="mnist", arch="mlp(width=4)", prior="uniform", generator_norm="virtual_batch"
    )
    network = networks.generator(network_spec(config, (8, 8, 1)))
    assert any(isinstance(layer, keras.Model) for layer in network.layers)
    names = {each.__name__ for each in own_layers(to_keras_layers(network, warn=False))}
    assert names == {"Reference", "Examples", "VirtualBatchNormalization"}
