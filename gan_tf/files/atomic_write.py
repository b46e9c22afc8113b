"""Atomic writing of files, and flushing to disk."""

import contextlib
import os
import pathlib
import stat

from gan_tf.errors import UserError, writing


@contextlib.contextmanager
def atomic_file(path, sync=True):
    """Opens a binary file for atomic writing: to a temporary file next to it, then renamed.

    Args:
        path: the file; its folder is created.
        sync: whether its content is flushed to disk before it is renamed.

    Raises:
        UserError: when the disk is full, the location is not writable, or `is_special`.
    """
    path = pathlib.Path(path)
    if is_special(path):
        raise UserError(f"'{path}' is a device or a pipe, not a file: give another name.")
    temporary = path.with_name(f".{path.name}.writing")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.unlink(missing_ok=True)
            with open(temporary, "xb") as file:  # never through an existing link
                yield file
                file.flush()
                if sync:
                    os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:  # including Ctrl-C
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise


def is_special(path):
    """Returns whether a path is a device or a pipe, which a file would take the place of for all.

    The superuser can replace /dev/null.

    Args:
        path: it does not have to exist.
    """
    try:
        kind = stat.S_IFMT(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False
    open_one = os.path.islink(path) and os.readlink(path).startswith("/proc/")  # /dev/stdout
    return open_one or kind not in (stat.S_IFREG, stat.S_IFDIR)


def write(path, content):
    """Writes bytes to a file atomically: see `atomic_file`."""
    with atomic_file(path) as file:
        file.write(content)


def sync(folder):
    """Flushes a new folder and the files in it to disk."""
    with os.scandir(folder) as entries:
        paths = [each.path for each in entries]
    for path in (*paths, folder):
        sync_path(path)


def sync_path(path):
    """Flushes one file, or the names in a folder, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
