"""Files of the formulations chosen for convolutions: JSON, {what was measured: names}."""

import json
import pathlib

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.files.file_lock import exclusive
from gan_tf.files.json_file import read_json

_MOST_BYTES = 1 << 20


def read(path, strict=False):
    """Reads a file that might be damaged or malicious.

    Args:
        path: the file.
        strict: whether any other file than one of `add` is refused; otherwise it counts as empty.

    Returns:
        {str: tuple of str}; {} if there is no such file.

    Raises:
        UserError: when `strict` and it is not a file of `add`.
    """
    try:
        content = read_json(path, _MOST_BYTES, links=True)
        if not isinstance(content, dict) or not all(map(_are_names, content.values())):
            raise ValueError("its content is something else")
        return {key: tuple(names) for key, names in content.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        if not strict:
            return {}
        raise UserError(
            f"--tune={path} is not a file that --tune has written ({error}): give another name, or "
            "delete it."
        ) from error


def add(path, entries):
    """Adds entries to a file, atomically; one that is damaged is replaced.

    Processes take turns, by a lock file beside it, so that each keeps what others have added.

    Args:
        path: the file.
        entries: {str: tuple of str}.

    Raises:
        UserError: when it cannot be written.
    """
    path = pathlib.Path(path)
    lock = path.with_name(f".{path.name}.lock")
    waiting = f"Waiting for another run to write '{path}'."
    with exclusive(lock, waiting):
        content = read(path) | entries
        text = json.dumps({key: list(names) for key, names in sorted(content.items())}, indent=1)
        write(path, f"{text}\n".encode())


def _are_names(names):
    return isinstance(names, list) and all(isinstance(each, str) for each in names)
