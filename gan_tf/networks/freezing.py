"""Freezes the lowest levels of a discriminator, counted from the image."""

import collections

import keras

from gan_tf.errors import UserError


def levels(network):
    """Divides a discriminator into its levels.

    Levels are separated by single tensors through which everything computed from the image
    passes, so a level is a linear layer with its normalization, or a complete residual block;
    the last is the head, with everything computed from the features. One with maps of more than two
    sizes is that of parallel branches: it is divided by these sizes.

    Args:
        network: a functional `keras.Model`; the first of its inputs is the images.

    Returns:
        A list, starting at the image, of lists of layers with weights. Layers that depend only on
        the labels are in none.
    """
    operations = [
        each for each in network.operations if not isinstance(each, keras.layers.InputLayer)
    ]
    unread = collections.Counter(id(tensor) for each in operations for tensor in _inputs(each))
    unread.update(id(tensor) for tensor in network.outputs)  # never decremented
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
        # A part without a kernel belongs to the preceding level, unless it comes first.
        if found and not (_linear(part) and _linear(found[-1])):
            found[-1] += part
        elif part:
            found.append(part)
    return [part for level in found for part in _by_size(level)]


def freeze(network, count):
    """Freezes the levels of a discriminator that are nearest to the image.

    Their weights are not trained, their batch normalization uses its moving averages without
    updating them, and their spectral norm estimates stay fixed; gradients pass through.

    Source: Mo et al., "Freeze the Discriminator: a Simple Baseline for Fine-Tuning GANs", 2020
    (https://arxiv.org/abs/2002.10964).

    Args:
        network: as for `levels`; not compiled into a GAN yet.
        count: how many levels, from 0.

    Returns:
        The frozen layers.

    Raises:
        UserError: when no level would remain trainable.
    """
    found = levels(network)
    if count >= len(found):
        raise UserError(
            f"--freeze_discriminator={count}: this discriminator has {len(found)} levels (layers, or "
            f"residual blocks), the last of which must be trained: give {len(found) - 1} or less."
        )
    frozen = [layer for level in found[:count] for layer in level]
    for layer in frozen:
        layer.trainable = False
    return frozen


def _by_size(level):
    """Divides a level of parallel branches; smaller maps than the last size's belong to the last part."""
    sizes = sorted({_size(each) for each in level} - {1}, reverse=True)
    if len(sizes) <= 2:
        return [level]
    return [[each for each in level if max(_size(each), sizes[-1]) == size] for size in sizes]


def _size(layer):
    """The height of a layer's map of an image; 1 of other outputs."""
    shape = layer.output.shape
    return shape[1] if len(shape) == 4 else 1


def _inputs(operation):
    return keras.tree.flatten(operation.input)


def _linear(layers):
    return any(weight.name == "kernel" for layer in layers for weight in layer.weights)
