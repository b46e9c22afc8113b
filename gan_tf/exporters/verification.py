"""Runs a few lines of Python in a process without this package."""

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
    """Runs code in a new Python process, isolated from this one's import paths and environment.

    Args:
        name: the name whose value to return.
        code: Python that binds the name.
        folder: the working directory.
        arrays: {name: array} that are bound before.
        without_package: whether importing gan_tf fails there.

    Returns:
        The value, as an array.

    Raises:
        UserError: with the last line of its standard error, if the process failed.
    """
    package = "without" if without_package else "with"
    with tempfile.TemporaryDirectory() as temporary:
        given, out = pathlib.Path(temporary, "arrays.npz"), pathlib.Path(temporary, "value.npy")
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
                f"The export does not work and was removed: a new process failed with "
                f"'{lines[-1]}'."
            )
        return np.load(out)
