"""Checks of what a GAN is trained on: its networks, and the first batch of samples and labels.

They are made once, outside the compiled step, where they cost nothing and can say what is wrong.
"""

import itertools
import math
import types
import warnings

import keras
import numpy as np
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans import given_networks

_WHOLE = (int, np.integer)
_SHORT_FLOATS = ("bfloat16",)  # NumPy calls it void
_READ = 1 << 26  # values of an array, at most, or a batch
_TOLERANCE = 0.01  # of an activation's range
_STACK = 4  # calls from a warning up to the caller of `fit`


def check_networks(gan):
    """Checks that every optimizer has something to train, and that critics return logits.

    Raises:
        UserError: otherwise.
    """
    for name, (optimizer, _) in gan.optimizers.items():
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        check_trainable(name, gan.trainable_variables_of(name), optimizer._trainable_variables)
    for name in gan.critics:
        for output in keras.tree.flatten(given_networks.outputs(gan.networks[name])):
            bounded = given_networks.activation(output)
            if bounded:
                raise UserError(
                    f"The {name} ends in the activation {bounded[0]}, but losses take unbounded logits: "
                    "remove the activation of its last layer."
                )


def check_trainable(name, variables, compiled=None):
    """Checks that an optimizer has variables to train, the same as when it was compiled.

    Raises:
        UserError: otherwise.
    """
    if not variables:
        raise UserError(
            f"The {name} has nothing to train, because all its weights are frozen: set its attribute "
            "trainable to True before compile()."
        )
    if compiled is not None and {*map(id, variables)} != {*map(id, compiled)}:
        raise UserError(
            f"Weights of the {name} have been frozen or unfrozen since compile(): call it again."
        )


def first_batch(x, y=None, batch_size=None):
    """Returns the first batch of an input of `fit`, and the input that `fit` is to be given.

    Args:
        x, y, batch_size: as for `keras.Model.fit`.

    Returns:
        (samples, labels, size of a batch), or None where it cannot be seen; and x, or a generator
        of the same batches. Of arrays, samples and labels are the first rows, as many as are
        read at no cost.

    Raises:
        UserError: for no samples or a number alone, weights, and a size that is not a whole number
            from 1.
    """
    if batch_size is not None and not (isinstance(batch_size, _WHOLE) and batch_size > 0):
        raise UserError(f"batch_size is {batch_size!r}: it must be a whole number from 1.")
    if isinstance(x, types.GeneratorType):
        first = next(x, None)
        return _of_batch(first), _with_first(first, x)
    if isinstance(x, tf.data.Dataset):
        return _of_batch(next(iter(x), None)), x
    if isinstance(x, keras.utils.PyDataset):
        return _of_batch(None if x.num_batches == 0 else x[0]), x
    arrays = keras.tree.flatten(x)
    if any(each is None for each in arrays) or not arrays:
        raise UserError("There are no samples to train on.")
    if not all(hasattr(each, "shape") for each in arrays):
        if isinstance(x, (list, tuple, dict)):
            raise UserError("Samples are not arrays: give one, such as np.asarray(samples).")
        return None, x
    count = _length(arrays[0])
    size = min(batch_size or 32, count)
    values = max(math.prod(each.shape[1:]) for each in arrays)
    rows = max(size, _READ // max(values, 1))
    samples, labels = (
        keras.tree.map_structure(
            lambda array: array[:rows] if getattr(array, "shape", ()) else array, each
        )
        for each in (x, y)
    )
    return (samples, labels, size if count > size else None), x


def check_batch(gan, samples, labels, size=None):
    """Checks a result of `first_batch`.

    Args:
        gan: the GAN.
        samples: an array or tensor, or a structure of them.
        labels: the same, or None.
        size: the size of a batch; None: unknown, or that of an incomplete one.

    Raises:
        UserError: for samples that the networks cannot learn, for labels that are not indices of
            their classes, and for a size that cannot be divided as the training step does.
    """
    if keras.tree.is_nested(samples) and gan.pairing == "single":
        raise UserError(
            f"Samples are a {type(samples).__name__} of {len(samples)}: give one array, such as "
            "np.stack(samples)."
        )
    for each in keras.tree.flatten(samples):
        _check_numbers(np.asarray(each), gan)
    if not keras.tree.is_nested(samples):
        samples = np.asarray(samples)
        _check_shape(samples.shape[1:], gan)
        _check_range(samples, gan)
    if gan.conditional:
        _check_labels(labels, gan)
    parts = gan.batch_multiple
    if size and size % parts:
        fewer = size // parts * parts
        raise UserError(
            f"Batches of {size} cannot be divided by {parts}, discriminator_steps times the samples in a "
            f"pack: give a batch_size of {f'{fewer} or ' * bool(fewer)}{fewer + parts}."
        )


def _of_batch(batch):
    if batch is None:
        return None
    samples, labels, weights = keras.utils.unpack_x_y_sample_weight(batch)
    refuse_weights(sample_weight=weights)
    return samples, labels, _length(keras.tree.flatten(samples)[0])


def _with_first(first, rest):
    for each in rest if first is None else itertools.chain([first], rest):
        yield (each,) if hasattr(each, "shape") else each  # Keras takes tuples


def _length(array):
    """The number of rows of an array or tensor."""
    if not getattr(array, "shape", ()):
        raise UserError(
            "Samples are numbers on their own: give arrays, with a row for each sample."
        )
    return int(array.shape[0])


def refuse_weights(sample_weight=None, class_weight=None, **_):
    """Raises a `UserError` for weights of samples or classes, which no GAN takes."""
    for name, given in (("sample_weight", sample_weight), ("class_weight", class_weight)):
        if given is not None:
            raise UserError(
                f"A GAN does not take {name}: leave it out, and repeat samples that are to count more."
            )


def _check_numbers(samples, gan):
    """Checks that samples are finite floats, or integers for networks that take these."""
    if not samples.size:
        raise UserError("There are no samples to train on.")
    if samples.dtype.kind in "USOcmMV" and samples.dtype.name not in _SHORT_FLOATS:
        raise UserError(f"Samples are of type {samples.dtype}: give arrays of real numbers.")
    takes = {each.dtype for name in gan.critics for each in gan.networks[name].inputs[:1]}
    if samples.dtype.kind in "bui" and not any("int" in each for each in takes):
        raise UserError(
            f"Samples are {samples.dtype}, from {samples.min()} to {samples.max()}, but networks "
            "take floats from -1 to 1: scale them, 8-bit ones with samples / 255 * 2 - 1."
        )
    if not math.isfinite(samples.min()) or not math.isfinite(samples.max()):
        kind = "NaN" if np.isnan(samples).any() else "infinite"
        raise UserError(
            f"Samples have {kind} values, which would ruin all weights: remove or replace them."
        )


def _check_shape(shape, gan):
    for name in gan.critics[:1]:
        takes = gan.networks[name].inputs[0].shape[1:]
        if not given_networks.fits(shape, takes):
            hint = ": add the axis of channels, samples[..., None]" if takes[:-1] == shape else ""
            raise UserError(f"Samples have the shape {shape}, but the {name} takes {takes}{hint}.")


def _check_range(samples, gan):
    """Compares the range of samples with that of the generator, or of images with [-1, 1]."""
    low, high = float(samples.min()), float(samples.max())
    output = given_networks.outputs(gan.networks["generator"])
    bounded = None if keras.tree.is_nested(output) else given_networks.activation(output)
    image = samples.ndim == 4 and samples.shape[-1] in (1, 3)
    if not bounded and not image:
        return
    what, least, most = bounded or ("images", -1.0, 1.0)
    margin = _TOLERANCE * (most - least) if math.isfinite(most - least) else _TOLERANCE
    found = f"Samples are from {low:g} to {high:g}"
    if low < least - margin or high > most + margin:
        if bounded:
            raise UserError(
                f"{found}, but the generator ends in {what}, from {least:g} to {most:g}: scale them, or "
                "change its last activation."
            )
        warnings.warn(f"{found}: images should be scaled to [-1, 1].", stacklevel=_STACK)
    elif least < 0 <= low:
        warnings.warn(
            f"{found}, none below 0, and should be from -1 to 1: if 0 is black, scale them with "
            "samples * 2 - 1.",
            stacklevel=_STACK,
        )


def _check_labels(labels, gan):
    """Checks that labels are indices of the networks' classes."""
    if labels is None:
        raise UserError("The generator takes labels: pass them too, as in fit(samples, labels).")
    if not hasattr(labels, "shape"):
        raise UserError(f"Labels are of type {type(labels).__name__}: give one array, (n,).")
    labels = np.asarray(labels)
    if labels.dtype.kind in "USO":
        raise UserError(
            "Labels are strings: give the indices of the classes, from 0, such as "
            "np.unique(labels, return_inverse=True)[1]."
        )
    if labels.ndim > 1 and labels.shape[1:] != (1,):
        raise UserError(
            f"Labels have the shape {labels.shape}: give the index of each sample's class, (n,), such as "
            "labels.argmax(-1) of one-hot ones."
        )
    low, high = labels.min(), labels.max()
    if not np.array_equal(labels, np.rint(labels)):
        raise UserError("Labels are not whole numbers: give the indices of the classes, from 0.")
    classes = _num_classes(gan)
    if low < 0 or high >= classes:
        hint = ": subtract 1" if low == 1 and high == classes else ""
        raise UserError(
            f"Labels are from {low:g} to {high:g}, but the networks have {classes} classes, with indices "
            f"from 0 to {classes - 1}{hint}."
        )


def _num_classes(gan):
    """The number of classes that all networks know; infinite if they do not show it."""
    found = [math.inf]
    for network in gan.networks.values():
        outputs = given_networks.outputs(network)
        if isinstance(outputs, dict) and "class_logits" in outputs:
            found.append(outputs["class_logits"].shape[-1])
        for layer in network._flatten_layers():
            if isinstance(layer, keras.layers.Embedding) and _of_labels(layer):
                found.append(layer.input_dim)
    return min(found)


def _of_labels(layer):
    """Whether a layer of a functional model is called on one number per sample."""
    return len(getattr(getattr(layer, "input", None), "shape", ())) == 1
