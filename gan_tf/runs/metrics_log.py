"""The log of a run, metrics.jsonl: a JSON object of numbers on each line."""

import contextlib
import sys

from gan_tf.errors import UserError
from gan_tf.files.json_file import parse_json
from gan_tf.files.plain_file import read_lines

_MOST_BYTES = 1 << 28  # of the file
_MOST_VALUES = 2_000_000  # in all lines
_LEAST_VALUES = 8  # that a line counts as
_MOST_NAMES = 1000
_LONGEST_LINE = 1 << 16


def read(path, name):
    """Returns [(step, value)] of one logged value in a JSON Lines file, in order; [] without any."""
    return [(row["step"], row[name]) for row in rows(path) if name in row]


def rows(path):
    """Returns the lines of a JSON Lines file as dicts, in order; [] without a file.

    Malformed lines, such as one truncated by a kill, are skipped: values must be numbers, which
    may be NaN or infinite, and steps integers of at least 0.

    Raises:
        UserError: when it is not a regular file, or too large.
    """
    found, names, count = [], set(), 0
    try:
        for line in read_lines(path, _MOST_BYTES, _LONGEST_LINE):
            with contextlib.suppress(ValueError):
                row = parse_json(line, finite=False)
                if _is_row(row) and (row.keys() <= names or len(names | row.keys()) <= _MOST_NAMES):
                    names |= row.keys()
                    found.append({sys.intern(name): value for name, value in row.items()})
                    count += max(len(row), _LEAST_VALUES)
            if count > _MOST_VALUES:
                raise ValueError(f"it has more than {_MOST_VALUES:,} values")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise UserError(
            f"'{path}' cannot be read ({error}): move it away, or log less often with --log_every."
        ) from error
    return found


def _is_row(row):
    return (
        isinstance(row, dict)
        and type(row.get("step")) is int
        and row["step"] >= 0
        and all(type(value) in (int, float) for value in row.values())
    )
