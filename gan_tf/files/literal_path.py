"""Paths for functions that interpret some characters of a path as a pattern."""

import contextlib
import os
import pathlib
import tempfile

_SPECIAL = set("*?[]\\")


@contextlib.contextmanager
def literal_path(folder):
    """Yields a path of a folder in which TensorFlow finds no pattern, such as `[1]`.

    TensorFlow looks for checkpoints and SavedModels by patterns. The path is the folder's own, or
    that of a temporary link to it, which vanishes at the end.

    Args:
        folder: the folder's path; it must exist.
    """
    folder = pathlib.Path(folder)
    if not _SPECIAL & set(str(folder)):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="gan_tf-") as temporary:
        link = pathlib.Path(temporary, "folder")
        link.symlink_to(os.path.abspath(folder), target_is_directory=True)
        yield link
