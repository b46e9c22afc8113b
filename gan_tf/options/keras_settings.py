"""Keras's own settings, of which gan_tf needs two: its backend and the order of an image's axes."""

import os
import pathlib
import sys

from gan_tf.errors import UserError
from gan_tf.files.json_file import read_json


def check():
    """Checks that Keras runs on TensorFlow, with channels last.

    It costs nothing, and is called before Keras is imported: by commands, and by the packages of
    networks and GANs.

    Raises:
        UserError: otherwise, saying where the setting is.
    """
    backend, backend_at = _setting("backend", "tensorflow", "KERAS_BACKEND")
    if backend != "tensorflow":
        raise UserError(
            f"gan_tf needs Keras on TensorFlow, but {backend_at} chooses '{backend}': set "
            "KERAS_BACKEND=tensorflow before Python starts."
        )
    order, order_at = _setting("image_data_format", "channels_last")
    if order != "channels_last":
        raise UserError(
            f"gan_tf needs images with channels last, but {order_at} says '{order}': set "
            "image_data_format to channels_last there."
        )


def _setting(name, default, variable=None):
    """Returns a setting as Keras has it, or will have it, and where it comes from."""
    path = pathlib.Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "keras.json"
    given = variable and os.environ.get(variable)
    where = f"the environment variable {variable}" if given else f"'{path}'"
    keras = sys.modules.get("keras")
    if hasattr(keras, "config"):
        return getattr(keras.config, name)(), where if given or path.exists() else "this program"
    if given:
        return given, where
    try:
        return read_json(path, links=True).get(name) or default, where
    except (OSError, ValueError, AttributeError):  # Keras ignores such a file
        return default, where
