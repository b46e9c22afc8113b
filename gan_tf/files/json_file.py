"""JSON files of any origin."""

import json
import os
import stat

_MOST = 16 << 20  # bytes


def read_json(path, most=_MOST):
    """Reads a JSON file that may be broken, huge, or made to do harm.

    Args:
        path: the file.
        most: bytes that it may have, default 16 MB.

    Returns:
        What it holds.

    Raises:
        FileNotFoundError: when it is not there.
        OSError: when it cannot be read.
        ValueError: when it is no ordinary file, larger than that, or no JSON.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # a pipe would wait
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is no ordinary file")
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError("it is too large")
    return parse_json(content)


def parse_json(content):
    """Returns what JSON text, str or bytes, stands for.

    Raises:
        ValueError: when it is none, or nested so deeply that only an attack would be.
    """
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
