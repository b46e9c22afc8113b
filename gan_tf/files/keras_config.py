"""Checks of the configuration in a .keras file, before Keras builds anything of it."""

import re

_MOST_LAYERS = 2000
_TENSOR = "__keras_tensor__"
_NUMBERS = re.compile(r"(bool|b?float|u?int|complex)\d*")


def check(config):
    """Checks that building a network takes no memory that the network itself does not show.

    Keras builds layers that no output depends on, and computes at once what is applied to
    constants alone; neither is seen in the network that comes out.

    Args:
        config: of a network, the content of config.json.

    Raises:
        ValueError: when it has thousands of layers, some that its outputs do not depend on, some
            that are applied to constants, or constants that are no numbers; when a network in it
            was compiled with metrics that are objects.
    """
    count = 0
    for each in _dicts(config):
        kind, inner = each.get("class_name"), each.get("config")
        if kind in ("__numpy__", "__tensor__") and not _is_number(inner):
            raise ValueError("it has a constant that is not of numbers")
        if "layers" in each:
            layers = each["layers"]
            if not isinstance(layers, list) or not all(isinstance(one, dict) for one in layers):
                raise ValueError("its layers are not a list")
            count += len(layers)
            if "output_layers" in each:
                _check_connections(layers, each["output_layers"])
        if each is not config:
            _check_metrics(each.get("compile_config"))
    if count > _MOST_LAYERS:
        raise ValueError(f"it has {count:,} layers, more than {_MOST_LAYERS:,}")


def _check_connections(layers, outputs):
    """Checks that a functional network consists of what its outputs depend on."""
    sources = {}
    for layer in layers:
        nodes = layer.get("inbound_nodes") or []
        found = [_inputs(node) for node in nodes]
        if not all(found):
            raise ValueError(f"its layer {layer.get('name')!r} is applied to constants")
        name = layer.get("name")
        if not isinstance(name, str) or name in sources:
            raise ValueError(f"it has two layers named {name!r}, or one without a name")
        sources[name] = set().union(*found)
    needed, waiting = set(), [each for each in _leaves(outputs) if isinstance(each, str)]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += sources.get(name, ())
    for layer in layers:
        if layer["name"] not in needed and layer.get("class_name") != "InputLayer":
            raise ValueError(f"its outputs do not depend on the layer {layer['name']!r}")


def _inputs(node):
    """The names of the layers whose outputs a layer is applied to."""
    if not isinstance(node, dict):
        raise ValueError("it is of an old version of Keras")
    found = set()
    for each in _dicts(node):
        kind = each.get("class_name")
        if kind == _TENSOR:
            found.add(str(each["config"]["keras_history"][0]))
        elif kind is not None and not str(kind).startswith("__"):
            raise ValueError(f"a layer of it is applied to a {kind}")
    return found


def _check_metrics(compiled):
    """Refuses the metrics of a compiled network within another, which can have any size."""
    chosen = compiled if isinstance(compiled, dict) else {}
    for name in ("loss", "metrics", "weighted_metrics"):
        if any("class_name" in each for each in _dicts(chosen.get(name))):
            raise ValueError("a network in it was compiled with metrics or losses of its own")


def _is_number(constant):
    dtype = constant.get("dtype") if isinstance(constant, dict) else None
    return isinstance(dtype, str) and _NUMBERS.fullmatch(dtype) is not None


def _dicts(value):
    """Yields all dicts in a value of JSON."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _leaves(value):
    """Yields what is in nested lists and dicts."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value
        else:
            yield value
