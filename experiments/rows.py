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


def table(found, titles):
    """Returns the lines of a Markdown table: mean and standard deviation over the seeds.

    Args:
        found: rows, dicts with "name", "seed" (None: of data) and some of the keys of `titles`.
        titles: {key: title} of the columns.
    """
    lines = [f"| | {' | '.join(titles.values())} | seeds |", "|---" * (len(titles) + 2) + "|"]
    for name in dict.fromkeys(row["name"] for row in found):
        of_name = [row for row in found if row["name"] == name]
        cells = [cell([row[key] for row in of_name]) if key in of_name[0] else "" for key in titles]
        seeds = "" if of_name[0]["seed"] is None else len(of_name)
        lines.append(f"| {name} | {' | '.join(cells)} | {seeds} |")
    return lines


def cell(values, form="{:.3g}"):
    """Returns "mean ± standard deviation" of several numbers, or a single number.

    Args:
        values: floats, at least one.
        form: the format of the mean; the deviation has two digits, or the same format.
    """
    text = form.format(statistics.mean(values))
    spread = "{:.2g}" if form == "{:.3g}" else form
    return f"{text} ± {spread.format(statistics.stdev(values))}" if len(values) > 1 else text
