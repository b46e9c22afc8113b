"""Locks between processes; the system releases them when a process ends, however it does."""

import contextlib
import errno
import fcntl
import pathlib
import time

from gan_tf.messages import show

_MOMENT = 0.1  # seconds that a process may hold a lock to see whether there is one


def try_lock(file, shared=False):
    """Locks an open file for this process, if no other has.

    Args:
        file: an open file; the lock is held until it is closed.
        shared: whether others can have a shared lock too: to ask for a moment whether the file is locked,
            for which an exclusive lock waits.

    Returns:
        None, or the `OSError` of a file system that has no locks.

    Raises:
        BlockingIOError: when another process holds the lock.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    for pause in (_MOMENT, 0):
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                return error
            if shared or not pause:
                raise BlockingIOError(error.errno, error.strerror) from error
            time.sleep(pause)
        else:
            return None


@contextlib.contextmanager
def exclusive(path, waiting):
    """Runs the code inside in one process at a time, where a file can be made and locked.

    Args:
        path: of a file that is made for this and stays.
        waiting: a message, printed when another process is first.
    """
    path = pathlib.Path(path)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # such as where nothing can be written
            path.parent.mkdir(parents=True, exist_ok=True)
            file = stack.enter_context(open(path, "ab"))
            try:
                try_lock(file)
            except BlockingIOError:
                show(waiting)
                fcntl.flock(file, fcntl.LOCK_EX)
        yield
