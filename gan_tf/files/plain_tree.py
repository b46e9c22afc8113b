"""Check that a folder of unknown origin holds files and folders only, and no link out of it."""

import os
import stat

_MOST = 2_000_000  # entries


def stray(root):
    """Finds an entry below a folder that is neither a file nor a folder of its own.

    Links within the folder are allowed. Entries that vanish meanwhile are ignored.

    Args:
        root: the folder, which may itself be a link.

    Returns:
        None, or (path, clause): of the first link that leaves the folder, of the first pipe, socket
        or device, or of a folder with millions of entries.

    Raises:
        OSError: when a folder cannot be listed.
    """
    home, waiting, count = os.path.realpath(root), [os.fspath(root)], 0
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    count += 1
                    if count > _MOST:
                        return folder, f"is in a folder of more than {_MOST:,} files"
                    problem = _problem(entry, home)
                    if problem:
                        return entry.path, problem
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
    return None


def _problem(entry, home):
    if entry.is_symlink():
        target = os.path.realpath(entry.path)
        within = os.path.commonpath([home, target]) == home
        return None if within else f"is a link to '{target}', outside the run directory"
    if entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False):
        return None
    try:
        kind = stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return None
    return None if kind in (stat.S_IFREG, stat.S_IFDIR) else "is a pipe, a socket or a device"
