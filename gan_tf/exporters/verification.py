"""Runs a few lines of Python where this package is not."""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np

from gan_tf.errors import UserError

_RUN = """
import sys
code, name, arrays, out, package = sys.argv[1:]
if package == "without":
    sys.modules["gan_tf"] = None  # so that importing it fails
import numpy as np
names = dict(np.load(arrays))
exec(code, names)
np.save(out, np.asarray(names[name]))
"""


def value_of(name, code, folder, arrays, without_package=True):
    """Runs code in a new Python process, isolated from this one's paths and environment of Python.

    Args:
        name: the name whose value is wanted.
        code: Python; it binds the name.
        folder: where it runs.
        arrays: {name: array} of what it finds bound.
        without_package: whether gan_tf cannot be imported there.

    Returns:
        The value, as an array.

    Raises:
        UserError: with the last line that the process wrote, where it failed.
    """
    package = "without" if without_package else "with"
    with tempfile.TemporaryDirectory() as beside:
        given, out = pathlib.Path(beside, "arrays.npz"), pathlib.Path(beside, "value.npy")
        np.savez(given, **arrays)
        isolated = ["-I"] if without_package else []
        result = subprocess.run(
            [sys.executable, *isolated, "-c", _RUN, code, name, given, out, package],
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if result.returncode:
            lines = result.stderr.strip().splitlines() or [f"exit status {result.returncode}"]
            raise UserError(
                f"What was exported cannot be used, and was removed: a new process ended with "
                f"'{lines[-1]}'."
            )
        return np.load(out)
