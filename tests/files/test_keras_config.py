"""Configurations of networks: what would take memory unseen is refused before Keras builds it."""

import copy
import json

import keras
import pytest

from gan_tf.files.keras_config import check


@pytest.fixture(scope="module")
def config():
    """Of a network with shared and nested layers, operations, and a constant."""
    inputs = keras.Input((4,), name="inputs")
    inner = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)], name="inner")
    inner.compile("adam", "mse", metrics=["mae"])
    x = keras.layers.Dense(3, name="first")(inputs)
    x = keras.ops.concatenate([inner(x), inner(x * 2)])
    return written(keras.Model(inputs, x))


def written(network):
    """The configuration in the file of a network."""
    return json.loads(json.dumps(keras.saving.serialize_keras_object(network)))


def layer(name, nodes=()):
    settings = {"name": name, "units": 30_000}
    return {
        "module": "keras.layers",
        "class_name": "Dense",
        "config": settings,
        "registered_name": None,
        "build_config": {"input_shape": [None, 20_000]},
        "name": name,
        "inbound_nodes": list(nodes),
    }


def applied_to(argument):
    return {"args": [argument], "kwargs": {}}


def test_what_keras_writes_passes(config):
    check(config)
    check(written(keras.applications.MobileNet(weights=None)))


def tensor_of(name):
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 4], "dtype": "float32", "keras_history": [name, 0, 0]},
    }


CONSTANT = {"class_name": "__numpy__", "config": {"value": [[1.0]], "dtype": "float32"}}


@pytest.mark.parametrize(
    "added, message",
    [
        (layer("more"), "its outputs do not depend on the layer 'more'"),
        (
            layer("more", [applied_to(tensor_of("inputs"))]),
            "its outputs do not depend on the layer 'more'",
        ),
        (layer("more", [applied_to([[1.0]])]), "its layer 'more' is applied to constants"),
        (layer("more", [applied_to(CONSTANT)]), "its layer 'more' is applied to constants"),
        (layer("more", [applied_to([tensor_of("inputs"), layer("x")])]), "applied to a Dense"),
        (layer("more", [["inputs", 0, 0, {}]]), "an old version of Keras"),
        (layer("first"), "two layers named 'first'"),
        ("text", "its layers are not a list"),
    ],
)
def test_layers_that_the_network_does_not_show_are_refused(config, added, message):
    changed = copy.deepcopy(config)
    changed["config"]["layers"].append(added)
    with pytest.raises(ValueError, match=message):
        check(changed)


def test_thousands_of_layers_are_refused():
    layers = [layer(str(number)) for number in range(2001)]
    changed = {"class_name": "Sequential", "config": {"layers": layers}}
    with pytest.raises(ValueError, match="it has 2,001 layers"):
        check(changed)


def test_constants_that_are_no_numbers_are_refused(config):
    changed = copy.deepcopy(config)
    constant = {"class_name": "__numpy__", "config": {"value": [1], "dtype": "S1000000000"}}
    changed["config"]["layers"][1]["config"]["kernel_initializer"] = constant
    with pytest.raises(ValueError, match="a constant that is not of numbers"):
        check(changed)


def test_metrics_of_any_size_in_a_nested_network_are_refused(config):
    changed = copy.deepcopy(config)
    metric = {
        "module": "keras.metrics",
        "class_name": "MeanIoU",
        "config": {"num_classes": 100_000},
    }
    inner = next(each for each in changed["config"]["layers"] if each["name"] == "inner")
    inner["compile_config"]["metrics"] = [metric]
    with pytest.raises(ValueError, match="compiled with metrics or losses of its own"):
        check(changed)
