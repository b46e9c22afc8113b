"""Bounded reading of JSON of unknown origin."""

import json
import math

from gan_tf.files.plain_file import read_bytes

MAX_BYTES = 4 << 20
_MAX_DEPTH = 100  # of lists and objects within each other
_MAX_DIGITS = 40  # of a number


def read_json(path, max_bytes=MAX_BYTES, finite=True, links=False):
    """Reads a JSON file that might be corrupt, huge or malicious.

    Args:
        path: the file.
        max_bytes: its maximum size, default 4 MB.
        finite: whether all numbers must be finite.
        links: whether to follow a symbolic link.

    Returns:
        Its content.

    Raises:
        FileNotFoundError: when it does not exist.
        OSError: when it cannot be read.
        ValueError: when it is not a regular file, too large, or refused by `parse_json`.
    """
    return parse_json(read_bytes(path, max_bytes, links), finite)


def parse_json(content, finite=True):
    """Parses JSON text, str or bytes.

    Args:
        content: the text.
        finite: whether all numbers must be finite; otherwise NaN and Infinity, which Python's
            `json` writes, are read.

    Raises:
        ValueError: when it is not JSON, is nested too deeply, or has a number that is not finite
            or an integer beyond 64 bits.
    """
    try:
        found = json.loads(
            content,
            parse_int=_integer,
            parse_float=lambda text: _real(text, finite),
            parse_constant=lambda text: _real(text, finite),
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    _check_depth(found)
    return found


def _integer(text):
    value = int(text) if len(text) <= _MAX_DIGITS else 1 << 64
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError("it has an integer of more than 64 bits")
    return value


def _real(text, finite):
    value = float(text)
    if finite and not math.isfinite(value):
        raise ValueError("it has a number that is not finite")
    return value


def _check_depth(value):
    level = [value]
    for _ in range(_MAX_DEPTH + 1):
        holders = [each for each in level if isinstance(each, dict | list)]
        if not holders:
            return
        parts = (each.values() if isinstance(each, dict) else each for each in holders)
        level = [each for part in parts for each in part]
    raise ValueError("it is nested too deeply")
