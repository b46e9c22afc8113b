"""The log of a run, metrics.jsonl: a JSON object of numbers on each line."""

import contextlib

from gan_tf.files.json_file import parse_json


def read(path, name):
    """Returns [(step, value)] of one logged value in a JSON Lines file, in order; [] without any."""
    return [(row["step"], row[name]) for row in rows(path) if name in row]


def rows(path):
    """Returns the lines of a JSON Lines file as dicts, in order.

    Malformed lines, such as one truncated by a kill, are skipped: values must be numbers, and
    steps integers.
    """
    found = []
    content = path.read_text(errors="replace") if path.exists() else ""
    for line in content.splitlines():
        with contextlib.suppress(ValueError):
            row = parse_json(line)
            if isinstance(row, dict) and type(row.get("step")) is int and _are_numbers(row):
                found.append(row)
    return found


def _are_numbers(row):
    return all(type(value) in (int, float) for value in row.values())
