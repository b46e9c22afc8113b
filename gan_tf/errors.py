"""Errors that the user can mend, and the sentences that say how."""

import contextlib
import difflib
import errno
import os


class UserError(Exception):
    """Bad input: shown as one sentence, without a traceback, with exit status 1.

    Raise it with a message that says what is wrong and what to do about it.
    Anything else that is raised is a programming error and keeps its traceback.
    """


class DiskFullError(UserError):
    """There is no space left.

    Attributes:
        path: what could not be written.
    """

    def __init__(self, path):
        self.path = path
        super().__init__(
            f"The disk is full: '{path}' could not be written; free some space and run the same "
            "command again, which goes on from the last checkpoint where there is one."
        )


class NonFiniteError(UserError):
    """A loss or a gradient became infinite or NaN; training cannot go on."""


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
    """Returns the `UserError` that a failed write deserves, or None.

    Args:
        error: what was raised: an `OSError`, or a TensorFlow error, which has the
            same causes but keeps them in its text only.
        path: the file or directory that was being written.

    Returns:
        A `UserError` for a full disk or a place that cannot be written to; None for
        anything else, which the caller should raise again.
    """
    if isinstance(error, UserError):
        return None
    code = getattr(error, "errno", None)
    text = str(error)
    if code in _DISK_FULL or os.strerror(errno.ENOSPC) in text or os.strerror(errno.EFBIG) in text:
        return DiskFullError(path)
    told = [each for each in (errno.EROFS, errno.EACCES) if os.strerror(each) in text]
    if code in _NOT_WRITABLE or told:
        reason = os.strerror(code or told[0])
        return UserError(
            f"'{path}' cannot be written ({reason}): choose another place with its flag (--run_dir, "
            "--data_dir, --cache_dir, --out)."
        )
    return None


@contextlib.contextmanager
def writing(path):
    """Raises the `UserError` of `write_error` where the code inside fails to write to `path`."""
    try:
        yield
    except Exception as error:
        mendable = write_error(error, path)
        if mendable is None:
            raise
        raise mendable from error
