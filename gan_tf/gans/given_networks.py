"""The networks that a GAN is given: built where they are not, and looked at."""

import math

import keras

from gan_tf.errors import UserError

# The values of activations that have a bound.
_RANGES = {
    "hardsigmoid": (0.0, 1.0),
    "hardtanh": (-1.0, 1.0),
    "logsigmoid": (-math.inf, 0.0),
    "logsoftmax": (-math.inf, 0.0),
    "relu": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softplus": (0.0, math.inf),
    "softsign": (-1.0, 1.0),
    "tanh": (-1.0, 1.0),
}
# Layers that move values, or cast them.
_MOVES = ("cropping", "flatten", "identity", "permute", "reshape", "squeeze", "expanddims", "cast")


def build(networks):
    """Builds Sequential models on the shape of the samples, and checks all networks.

    Args:
        networks: {name: network}; one is "generator", and the others see its samples.

    Raises:
        UserError: for anything but a functional or Sequential Keras model, and for a generator that
            is not built.
    """
    for name, network in networks.items():
        if not isinstance(network, keras.Model):
            raise UserError(
                f"The {name} is of type {type(network).__name__}: give a functional or Sequential "
                "keras.Model."
            )
        if isinstance(network, keras.Sequential) and not network.built and name != "generator":
            network.build((None, *networks["generator"].outputs[0].shape[1:]))
        if getattr(network, "inputs", None):
            continue
        if isinstance(network, keras.Sequential):
            raise UserError(
                f"The {name} is a Sequential model that is not built, so the shape of its input is "
                f"unknown: let it begin with keras.Input({'(latent_dim,)' * (name == 'generator')})."
            )
        raise UserError(
            f"The {name} is a model of the class {type(network).__name__}, whose inputs are not "
            "declared: make it a functional one, with x = keras.Input(shape) and "
            "keras.Model(x, network(x))."
        )


def check_pair(generator, discriminator):
    """Checks that a discriminator takes what a generator makes.

    Raises:
        UserError: when the shapes differ.
    """
    made, takes = outputs(generator).shape[1:], discriminator.inputs[0].shape[1:]
    if not fits(made, takes):
        raise UserError(
            f"The generator makes samples of shape {made}, but the discriminator takes {takes}: make "
            "them the same."
        )


def fits(shape, expected):
    """Whether a shape is the expected one, of which some lengths can be None."""
    return len(shape) == len(expected) and all(
        None in lengths or lengths[0] == lengths[1] for lengths in zip(shape, expected)
    )


def outputs(network):
    """Returns the symbolic outputs of a functional or Sequential model: one, or a structure."""
    return network.outputs[0] if isinstance(network, keras.Sequential) else network.output


def activation(output):
    """Returns the activation that bounds a symbolic output of a model.

    Args:
        output: a `keras.KerasTensor`.

    Returns:
        The activation's name and its smallest and largest value, such as ("tanh", -1.0, 1.0); None
        where the last operation that computes something is not one of bounded values.
    """
    operation, node, at = output._keras_history
    if isinstance(operation, keras.Model):
        inner = getattr(operation, "outputs", None)  # None of a subclassed one
        return activation(inner[at]) if inner else None
    kind = type(operation).__name__.lower()
    function = getattr(getattr(operation, "layer", operation), "activation", None)  # if wrapped
    name = getattr(function, "__name__", kind)
    if (name == "linear" and kind == "activation") or kind.startswith(_MOVES):
        return activation(operation._inbound_nodes[node].input_tensors[0])
    bounds = _RANGES.get(name.replace("_", ""))
    return bounds and (name, *bounds)
