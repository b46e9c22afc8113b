"""Networks that users give to a GAN: checks, and building of Sequential ones."""

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
# Of a discriminator that has several.
_OUTPUTS = {"logits", "class_logits", "features"}
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


def check_outputs(generator, discriminator):
    """Checks that a generator has one output, and a discriminator logits.

    Raises:
        UserError: otherwise.
    """
    if keras.tree.is_nested(outputs(generator)):
        raise UserError("The generator has several outputs: let it have one, the samples.")
    found = outputs(discriminator)
    named = isinstance(found, dict)
    if keras.tree.is_nested(found) and not (named and {"logits"} <= {*found} <= _OUTPUTS):
        given = (
            f"outputs named {', '.join(found)}" if named else f"a {type(found).__name__} of outputs"
        )
        raise UserError(
            f"The discriminator has {given}: let it have one, its logits, or a dict of 'logits' and "
            "any of 'class_logits' and 'features'."
        )


def check_pair(generator, discriminator):
    """Checks that a discriminator takes what a generator makes of vectors, and labels only if both do.

    Raises:
        UserError: when the shapes differ, or the other inputs.
    """
    latents = generator.inputs[0].shape[1:]
    if len(latents) != 1:
        raise UserError(
            f"The generator takes latents of shape {latents}: let it begin with keras.Input((length,)), "
            "and keras.layers.Reshape if it needs another shape."
        )
    made, takes = outputs(generator).shape[1:], discriminator.inputs[0].shape[1:]
    if not fits(made, takes):
        raise UserError(
            f"The generator makes samples of shape {made}, but the discriminator takes {takes}: make "
            "them the same."
        )
    if len(discriminator.inputs) > len(generator.inputs):
        raise UserError(
            "The discriminator has a second input, labels, and the generator has none: give it one too."
        )
    for name, network in (("generator", generator), ("discriminator", discriminator)):
        others = [tuple(each.shape[1:]) for each in network.inputs[1:]]
        if others not in ([], [()], [(1,)]):
            raise UserError(
                f"The {name}'s inputs beside the first have the shapes {others}: only labels, one number "
                "for each sample, can be given."
            )


def check_pairs(generator, encoder, discriminator, code_length):
    """Checks that an encoder takes samples and gives codes, and that a discriminator takes both.

    Args:
        generator, encoder, discriminator: the networks.
        code_length: the number of values that the encoder is to give for each sample.

    Raises:
        UserError: for shapes or numbers of inputs that do not fit.
    """
    samples, latents = (tuple(each.shape[1:]) for each in (outputs(generator), generator.inputs[0]))
    for name, network, expected in (
        ("generator", generator, [latents]),
        ("encoder", encoder, [samples]),
        ("discriminator", discriminator, [samples, latents]),
    ):
        takes = [tuple(each.shape[1:]) for each in network.inputs]
        if len(takes) != len(expected) or not all(map(fits, expected, takes)):
            raise UserError(f"The {name} takes inputs of shapes {takes}: it must take {expected}.")
    gives = keras.tree.map_structure(lambda each: tuple(each.shape[1:]), outputs(encoder))
    if gives != (code_length,):
        raise UserError(
            f"The encoder gives outputs of shape {gives}: it must give ({code_length},)."
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
