"""Reading of files of unknown origin: regular files only, without blocking, up to a size."""

import contextlib
import errno
import os
import stat

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # opening a pipe would block


def open_plain(path, max_bytes, links=False):
    """Opens a file for reading bytes.

    Args:
        path: the file.
        max_bytes: its maximum size.
        links: whether to follow a symbolic link; never for files that a run or an archive holds.

    Returns:
        A buffered binary file.

    Raises:
        FileNotFoundError: when it does not exist.
        OSError: when it cannot be read.
        ValueError: when it is a link, not a regular file (a folder, a pipe, a device), or too large.
    """
    return _checked(lambda flags: os.open(path, flags), max_bytes, links)


def open_below(root, names, max_bytes):
    """Opens a file below a folder, following no link on the way, even one made a moment ago.

    Args:
        root: the folder, which may itself be a link.
        names: the names of the folders below it, and of the file.
        max_bytes: its maximum size.

    Returns, raises:
        As `open_plain`.
    """
    with contextlib.ExitStack() as stack:
        folder = None
        for name in (root, *names[:-1]):
            flags = _FLAGS | os.O_DIRECTORY | (os.O_NOFOLLOW if folder is not None else 0)
            folder = os.open(name, flags, dir_fd=folder)
            stack.callback(os.close, folder)
        opened = folder
        return _checked(lambda flags: os.open(names[-1], flags, dir_fd=opened), max_bytes, False)


def read_bytes(path, max_bytes, links=False):
    """Returns the content of a file; arguments and errors as for `open_plain`."""
    with open_plain(path, max_bytes, links) as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:  # it has grown since
        raise ValueError(_too_large(max_bytes))
    return content


def read_text(path, max_bytes, links=False):
    """Returns the content of a UTF-8 text file; arguments and errors as for `open_plain`."""
    return read_bytes(path, max_bytes, links).decode("utf-8")


def read_lines(path, max_bytes, max_line, links=False):
    """Yields the lines of a file as bytes, without their ends; longer ones are skipped.

    Args:
        path, max_bytes, links: as for `open_plain`.
        max_line: the maximum length of a line, in bytes.

    Raises:
        As `open_plain`.
    """
    with open_plain(path, max_bytes, links) as file:
        left, whole = max_bytes, True  # it may grow meanwhile
        while left > 0 and (piece := file.readline(min(left, max_line + 1))):
            left -= len(piece)
            ended = piece.endswith(b"\n")
            if whole and (ended or len(piece) <= max_line):
                yield piece.rstrip(b"\r\n")
            whole = ended


def copy_plain(source, target, max_bytes):
    """Copies a file of unknown origin to a new one; errors as for `open_plain`."""
    with open_plain(source, max_bytes) as file, open(target, "xb") as copy:
        left = max_bytes
        while piece := file.read(min(1 << 20, left + 1)):
            left -= len(piece)
            if left < 0:
                raise ValueError(_too_large(max_bytes))
            copy.write(piece)


def _checked(open_with, max_bytes, links):
    try:
        handle = open_with(_FLAGS if links else _FLAGS | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ValueError("it is a symbolic link") from error
        if error.errno == errno.ENXIO:
            raise ValueError("it is not a regular file") from error
        raise
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise ValueError("it is not a regular file")
        if facts.st_size > max_bytes:
            raise ValueError(_too_large(max_bytes))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _too_large(max_bytes):
    return f"it is too large: more than {max_bytes:,} bytes"
