"""User errors, and messages that say how to fix them."""

import contextlib
import difflib
import errno
import os


class UserError(Exception):
    """An error the user can fix: shown as one sentence, without traceback, with exit status 1.

    Raise it with a message that says what is wrong and what to do about it.
    Any other exception is a programming error and keeps its traceback.
    """


class DiskFullError(UserError):
    """No space is left on the disk.

    Attributes:
        path: the file or directory that could not be written.
    """

    def __init__(self, path):
        self.path = path
        super().__init__(
            f"The disk is full: '{path}' could not be written; free some space and run the same "
            "command again, which resumes from the last checkpoint, if any."
        )


class NonFiniteError(UserError):
    """A loss or a gradient became infinite or NaN; training cannot continue."""


def suggest(word, choices):
    """Returns `" (did you mean 'x'?)"` for the choice nearest to `word`, or `""`.

    Example: `suggest("dcgam", ["mlp", "dcgan"])` is `" (did you mean 'dcgan'?)"`.
    """
    near = difflib.get_close_matches(word.lower(), list(choices), n=1, cutoff=0.5)
    return f" (did you mean '{near[0]}'?)" if near else ""


_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_WRITABLE = {
    errno.EACCES,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


def write_error(error, path):
    """Returns the `UserError` for a failed write, or None.

    Args:
        error: the exception: an `OSError`, or a TensorFlow error with the same causes, which
            only its text names.
        path: the file or directory that was being written.

    Returns:
        A `UserError` for a full disk or a location that is not writable; None for any other
        error, which the caller should re-raise.
    """
    if isinstance(error, UserError):
        return None
    code = getattr(error, "errno", None)
    text = str(error)
    if code in _DISK_FULL or os.strerror(errno.ENOSPC) in text or os.strerror(errno.EFBIG) in text:
        return DiskFullError(path)
    in_text = [each for each in (errno.EROFS, errno.EACCES) if os.strerror(each) in text]
    if code in _NOT_WRITABLE or in_text:
        reason = os.strerror(code or in_text[0])
        return UserError(
            f"'{path}' cannot be written ({reason}): choose another location with its flag (--run_dir, "
            "--data_dir, --cache_dir, --out)."
        )
    return None


@contextlib.contextmanager
def writing(path):
    """Raises the `UserError` of `write_error` when the code inside fails to write to `path`."""
    try:
        yield
    except Exception as error:
        user_error = write_error(error, path)
        if user_error is None:
            raise
        raise user_error from error
