"""Whether the packages of an extra, such as gan_tf[onnx], are installed."""

import importlib.util

from gan_tf.errors import UserError


def check(flag, attributes):
    """Checks, without importing them, that the modules that an entry of a registry needs are installed.

    Args:
        flag: what the user gave, such as "--format=onnx".
        attributes: of the `gan_tf.registry.Entry`: `needs`, its modules, and `extra`.

    Raises:
        UserError: when one is missing.
    """
    missing = [name for name in attributes["needs"] if not importlib.util.find_spec(name)]
    if missing:
        raise UserError(
            f"{flag} needs {' and '.join(missing)}: install the extra {attributes['extra']}, as in pip "
            f"install 'gan_tf[{attributes['extra']}]', or in a checkout pip install -e "
            f"'.[{attributes['extra']}]'."
        )
