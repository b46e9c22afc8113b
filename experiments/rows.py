"""Results as lines of JSON, one per run, so that a program can be interrupted."""

import json
import pathlib
import statistics


def read(path):
    """Returns the rows of a file, dicts; [] if there is no file."""
    path = pathlib.Path(path)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def append(path, row):
    """Appends a row, a dict, to a file."""
    with open(path, "a") as file:
        file.write(json.dumps(row) + "\n")


def cell(values, form="{:.3g}"):
    """Returns "mean ± standard deviation" of several numbers, or a single number.

    Args:
        values: floats, at least one.
        form: the format of the mean; the deviation has two digits, or the same format.
    """
    text = form.format(statistics.mean(values))
    spread = "{:.2g}" if form == "{:.3g}" else form
    return f"{text} ± {spread.format(statistics.stdev(values))}" if len(values) > 1 else text
