"""The levels of a discriminator, counted from the image, and the freezing of the lowest."""

import collections

import keras

from gan_tf.errors import UserError


def levels(network):
    """Divides a discriminator into its levels.

    Between two levels is a place that all which comes from the image passes through, so that a
    level is a linear layer with its normalization, or a whole residual block; the last is the
    head, with all that is made of the features.

    Args:
        network: a functional `keras.Model`; the first of its inputs is the images.

    Returns:
        A list, from the image on, of lists of layers with weights. Layers that are reached from
        the labels alone are in none.
    """
    operations = [
        each for each in network.operations if not isinstance(each, keras.layers.InputLayer)
    ]
    unread = collections.Counter(id(tensor) for each in operations for tensor in _inputs(each))
    unread.update(id(tensor) for tensor in network.outputs)  # which stay so
    of_image = {id(network.inputs[0])}
    parts = [[]]
    for operation in operations:
        inputs = [id(tensor) for tensor in _inputs(operation)]
        if not of_image.intersection(inputs):
            continue
        unread.subtract(inputs)
        of_image.update(id(tensor) for tensor in keras.tree.flatten(operation.output))
        parts[-1] += [operation] * bool(getattr(operation, "weights", ()))
        if sum(unread[each] > 0 for each in of_image) == 1:
            parts.append([])
    found = []
    for part in parts:
        # What has no kernel belongs to the level before it, or is at the beginning.
        if found and not (_linear(part) and _linear(found[-1])):
            found[-1] += part
        elif part:
            found.append(part)
    return found


def freeze(network, count):
    """Keeps the levels of a discriminator that are nearest to the image as they are.

    Their weights are not trained, their batch normalization uses its averages and keeps them,
    and their spectral norms are no longer followed; gradients pass through.

    Source: Mo et al., "Freeze the Discriminator: a Simple Baseline for Fine-Tuning GANs", 2020
    (https://arxiv.org/abs/2002.10964).

    Args:
        network: as for `levels`; not compiled into a GAN yet.
        count: how many levels, from 0.

    Returns:
        The layers that are frozen.

    Raises:
        UserError: when no level would be left to learn.
    """
    found = levels(network)
    if count >= len(found):
        raise UserError(
            f"--freeze_discriminator={count}: this discriminator has {len(found)} levels (layers, or "
            f"residual blocks), the last of which must learn: give {len(found) - 1} or less."
        )
    frozen = [layer for level in found[:count] for layer in level]
    for layer in frozen:
        layer.trainable = False
    return frozen


def _inputs(operation):
    return keras.tree.flatten(operation.input)


def _linear(layers):
    return any(weight.name == "kernel" for layer in layers for weight in layer.weights)
