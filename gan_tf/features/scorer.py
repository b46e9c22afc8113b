"""External scorers of sequences: a Keras model in a file, or a function of the user's own."""

import importlib
import pathlib

import numpy as np

from gan_tf.errors import UserError

_BATCH = 500
_MOST_BYTES = 1 << 30


def check(spec):
    """Checks how a scorer is named, without loading it.

    Raises:
        UserError: when it is neither a .keras file nor "module:function".
    """
    module, _, function = spec.partition(":")
    named = function.isidentifier() and all(each.isidentifier() for each in module.split("."))
    if not spec.endswith(".keras") and not named:
        raise UserError(
            f"'{spec}' names no scorer: give a .keras file, or a function as 'module:function'."
        )


def load(spec, modality, length):
    """Loads a scorer of sequences.

    A Keras model takes int tokens (n, length), or, if its input has three axes, float one-hot rows (n,
    length, vocabulary), and has one output of one value each; no code from the file is run. A function
    takes a list of texts, and returns a number for each.

    Args:
        spec: a `.keras` file, or "module:function".
        modality: `gan_tf.modalities.tokens.Tokens`.
        length: of a sequence, in tokens.

    Returns:
        A function of stored samples, int (n, length), to scores, float (n,).

    Raises:
        UserError: when it cannot be loaded, or, from the function, when it returns something else.
    """
    check(spec)
    compute = _of_file(spec, modality, length) if spec.endswith(".keras") else _of_name(spec)

    def scores(samples):
        samples = np.asarray(samples)
        found = compute(samples if spec.endswith(".keras") else modality.texts(samples))
        try:
            found = np.asarray(found, np.float64).reshape(len(samples))
        except (TypeError, ValueError):
            found = np.full(1, np.nan)
        if not np.isfinite(found).all():
            raise UserError(
                f"The scorer '{spec}' must return a finite number for each of {len(samples)} sequences."
            )
        return found

    return scores


def _of_file(path, modality, length):
    from gan_tf.runtime import keras_file

    file = pathlib.Path(path).expanduser()
    if not file.is_file():
        raise UserError(f"There is no scorer '{path}': give a .keras file, or 'module:function'.")
    try:
        model, _ = keras_file.load(file, _BATCH, _MOST_BYTES, links=True)
    except Exception as error:  # corrupt or malicious files can raise anything
        reason = str(error).strip().partition("\n")[0][:150]
        raise UserError(
            f"The scorer '{path}' cannot be loaded ({reason}): save a model that has only Keras's own "
            "layers, and no Lambda, whose code is not run."
        ) from error
    shapes = [tuple(each.shape[1:]) for each in model.inputs]
    takes = {(length,): False, (length, len(modality.vocabulary)): True}
    if len(shapes) != 1 or shapes[0] not in takes:
        raise UserError(
            f"The scorer '{path}' takes {shapes}, and sequences are ({length},) tokens, or ({length}, "
            f"{len(modality.vocabulary)}) one-hot: give a model of one of these."
        )
    one_hot = takes[shapes[0]]

    def compute(samples):
        rows = modality.to_network(samples) if one_hot else samples
        return model.predict(rows, batch_size=_BATCH, verbose=0)

    return compute


def _of_name(spec):
    module, _, function = spec.partition(":")
    try:
        return getattr(importlib.import_module(module), function)
    except Exception as error:  # the user's own code can raise anything
        reason = str(error).strip().partition("\n")[0][:150]
        raise UserError(
            f"The scorer '{spec}' cannot be imported ({reason}): correct it, or add its folder to "
            "PYTHONPATH."
        ) from error
