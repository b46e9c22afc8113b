"""The scores that `gan_tf.evaluate` has computed of a run, kept in its directory: scores.json.

A list of what `--json` writes, an entry for each step, features and way of sampling: "step", "features",
"metrics", "truncation", "psi", "temperature" and "reject" if the samples were not plain, and the
"direction" of a translation that has two.
"""

import json
import math

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import write
from gan_tf.files.json_file import read_json
from gan_tf.registry import METRICS

_MOST = 1000  # entries
SAMPLING = ("truncation", "psi", "temperature", "reject")  # options
_WAYS = (*SAMPLING, "direction")
_KEY = ("step", "features", *_WAYS)
_NUMBERS = ("value", "standard_error", "floor", "ceiling", "n")


def read(run):
    """Returns the entries of a `RunDir`, oldest first; [] where there are none or they are damaged."""
    try:
        entries = [_checked(each) for each in read_json(run.scores)[:_MOST]]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []
    return [each for each in entries if each["metrics"]]


def keep(run, entry):
    """Adds an entry to those of a `RunDir`; newer scores of the same metrics replace older ones.

    Returns:
        Whether it was written: the directory of a run can be read-only.
    """
    others, metrics = [], {}
    for each in read(run):
        if _key(each) == _key(entry):
            metrics |= each["metrics"]
        else:
            others.append(each)
    entry = entry | {"metrics": metrics | entry["metrics"]}
    try:
        _write(run, [*others, entry])
    except UserError:
        return False
    return True


def drop_after(run, step):
    """Drops the entries of later steps than the one that a `RunDir` resumes from."""
    entries = read(run)
    kept = [each for each in entries if each["step"] <= step]
    if kept != entries:
        _write(run, kept)


def sampling(entry):
    """Returns how the samples of an entry were drawn, such as ["truncation=0.5"]; [] if plainly."""
    return [f"{name}={entry[name]}" for name in _WAYS if name in entry]


def _write(run, entries):
    write(run.scores, (json.dumps(entries[-_MOST:], indent=1) + "\n").encode())


def _key(entry):
    return [entry.get(name) for name in _KEY]


def _checked(entry):
    """An entry of a file of unknown origin, without what is not expected there."""
    if not isinstance(entry["step"], int) or not isinstance(entry["features"], str):
        raise ValueError("its step or its features are missing")
    found = {name: entry[name] for name in _KEY if entry.get(name) is not None}
    found["metrics"] = {
        name: {key: each[key] for key in _NUMBERS if _is_finite(each.get(key))}
        for name, each in entry["metrics"].items()
        if name in METRICS.entries and _is_finite(each["value"])
    }
    return found


def _is_finite(value):
    return type(value) in (int, float) and math.isfinite(value)
