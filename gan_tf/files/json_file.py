"""Bounded reading of untrusted JSON files."""

import json
import os
import stat

_MAX_BYTES = 16 << 20


def read_json(path, max_bytes=_MAX_BYTES):
    """Reads a JSON file that might be corrupt, huge or malicious.

    Args:
        path: the file.
        max_bytes: its maximum size, default 16 MB.

    Returns:
        Its content.

    Raises:
        FileNotFoundError: when it does not exist.
        OSError: when it cannot be read.
        ValueError: when it is not a regular file, too large, or not JSON.
    """
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # a pipe would block
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("it is not a regular file")
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise ValueError("it is too large")
    return parse_json(content)


def parse_json(content):
    """Parses JSON text, str or bytes.

    Raises:
        ValueError: when it is not JSON, or nested too deeply.
    """
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
