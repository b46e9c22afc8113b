"""A tree of files: a folder on disk, or a zip archive."""

import contextlib
import io
import os
import threading
import zipfile

from gan_tf.errors import UserError
from gan_tf.files.atomic_write import is_special
from gan_tf.files.plain_file import open_plain
from gan_tf.files.zip_reader import BudgetError, ZipReader

_MOST_BYTES = 1 << 28  # of one file: more is not a picture but a zip bomb
_HIDDEN = "hidden: its name, or that of a folder around it, begins with a dot or __MACOSX"
_LARGER = "give a larger --archive_mb"
_MOST_FOLDERS = 1000  # within each other
_LARGE = 1 << 24  # of larger ones, one is in memory at a time
_one_large = threading.Lock()


def is_archive(path):
    """Returns whether a file is a zip archive, or called one."""
    return path.lower().endswith(".zip") or zipfile.is_zipfile(path)


def open_tree(path, flag, budget, advice=_LARGER):
    """Returns the `FolderTree` or `ZipTree` of a path.

    Args:
        path: the path.
        flag: the flag that names it, for messages.
        budget: bytes that an archive may unpack to.
        advice: what to do about one that unpacks to more, for messages; default: another --archive_mb.

    Raises:
        UserError: when it is neither.
    """
    check_tree(path, flag)
    return FolderTree(path) if os.path.isdir(path) else ZipTree(path, flag, budget, advice)


def check_tree(path, flag):
    """Checks that a path is a folder or a zip archive, without reading it; arguments as for `open_tree`.

    Raises:
        UserError: when it is neither.
    """
    if os.path.isdir(path):
        return
    if is_special(path):
        raise UserError(
            f"'{path}' is a device or a pipe, not a folder or a zip archive: correct {flag}."
        )
    if not os.path.isfile(path):
        raise UserError(f"There is no directory '{path}', and no .zip file: correct {flag}.")
    if not is_archive(path):
        raise UserError(
            f"'{path}' is neither a folder nor a zip archive, which {flag} takes: correct it."
        )


class FolderTree:
    """The files below a folder.

    Args:
        root: its path.

    Attributes:
        left_out: [(file or folder, reason)] of what `files` has left out. Hidden names are in it only
            if there is nothing else.
    """

    def __init__(self, root):
        self.root = root
        self.left_out = []

    def files(self):
        """Returns every file, relative and sorted; links are followed, each folder once.

        A folder is found where it is before it is found behind a link.
        Names that begin with a dot are left out, and folders that cannot be read.
        """
        self.left_out.clear()
        found, hidden, seen, waiting, links = [], [], set(), [""], []
        while waiting or links:
            below = waiting.pop() if waiting else links.pop(0)
            folder = os.path.join(self.root, below)
            folders = []
            try:
                identity = os.stat(folder)
                if (identity.st_dev, identity.st_ino) in seen:
                    self.left_out.append((below, "a link to a folder that is read already"))
                    continue
                seen.add((identity.st_dev, identity.st_ino))
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if entry.name.startswith("."):
                            hidden.append((below + entry.name, _HIDDEN))
                        elif _is(entry.is_dir):
                            later = links if entry.is_symlink() else folders
                            later.append(below + entry.name + os.sep)
                        elif _is(entry.is_file):
                            found.append(below + entry.name)
                        else:
                            link = entry.is_symlink()
                            why = "a link to nothing" if link else "not a regular file"
                            self.left_out.append((below + entry.name, why))
            except OSError as error:
                self.left_out.append((below or self.root, error.strerror or str(error)))
                continue
            waiting += sorted(folders, reverse=True)
            links.sort()
        if not found:
            self.left_out += hidden
        self.left_out.sort()
        return sorted(found)

    def fingerprint(self, file):
        """Returns a string that changes when a file does."""
        try:
            stat = os.stat(os.path.join(self.root, file))
        except OSError:  # deleted since it was listed; reading it reports that
            return "gone"
        return f"{stat.st_size}\0{stat.st_mtime_ns}"

    def size(self, file):
        """Returns the size of a file in bytes; None if it has vanished."""
        try:
            return os.stat(os.path.join(self.root, file)).st_size
        except OSError:
            return None

    def open(self, file):
        """Returns a file, open for reading bytes; raises an OSError or ValueError on failure."""
        return open_plain(os.path.join(self.root, file), _MOST_BYTES, links=True)


def _is(kind):
    """Whether an entry is of a kind; a link to itself is of none."""
    try:
        return kind()
    except OSError:
        return False


class ZipTree:
    """The files in a zip archive, read in place: nothing is unpacked to disk.

    Their names are never used as paths on disk, so they cannot point outside the archive.

    Args:
        path: the archive.
        flag: the flag that names it, for messages.
        budget: bytes that it may unpack to.
        advice: see `open_tree`.

    Attributes:
        left_out: as for `FolderTree`.

    Raises:
        UserError: when it cannot be read.
    """

    def __init__(self, path, flag="--image_dir", budget=1 << 36, advice=_LARGER):
        self._path, self._advice = path, advice
        try:
            self._zip = ZipReader(path, budget)
        except (OSError, ValueError) as error:
            raise UserError(
                f"'{path}' is not a readable zip file ({error}): correct {flag}."
            ) from error
        self._entries, self.left_out, concealed = {}, [], []
        for each in self._zip.members:
            # Some programs for Windows write backslashes.
            name = each.filename.replace("\\", "/") if each.create_system == 0 else each.filename
            parts = [part for part in name.split("/") if part not in ("", ".", "..")]
            # A zip made on macOS holds a ._ file for each, in a separate folder.
            hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
            if len(parts) > _MOST_FOLDERS:
                self.left_out.append((os.sep.join(parts[:3]) + "…", "in too many folders"))
            elif parts and not hidden and not name.endswith("/"):
                file = os.sep.join(parts)
                if file in self._entries:
                    self.left_out.append((file, "replaced by a later file of the same name"))
                self._entries[file] = each
            elif parts and hidden:
                concealed.append((os.sep.join(parts), _HIDDEN))
        if not self._entries:
            self.left_out += sorted(concealed)

    def files(self):
        """Returns the names of the files, sorted; names that begin with a dot are left out."""
        return sorted(self._entries)

    def fingerprint(self, file):
        """Returns a string that changes when a file does."""
        entry = self._entries[file]
        return f"{entry.file_size}\0{entry.CRC}"

    def size(self, file):
        """Returns the size of a file in bytes."""
        return self._entries[file].file_size

    def open(self, file):
        """Returns a file, open for reading bytes; raises an OSError or ValueError on failure.

        Raises:
            UserError: when the archive unpacks to more than its budget.
        """
        entry = self._entries[file]
        # The declared size is an upper bound: no more is read.
        with contextlib.ExitStack() as held:
            if entry.file_size > _LARGE:
                held.enter_context(_one_large)
            try:
                content = self._zip.read(entry, _MOST_BYTES)
            except BudgetError as error:
                raise UserError(
                    f"'{self._path}': {error}; if you trust it, {self._advice}."
                ) from error
            return _Unpacked(content, held.pop_all())


class _Unpacked(io.BytesIO):
    """The content of a file, and what is released when it is closed."""

    def __init__(self, content, held):
        super().__init__(content)
        self._held = held

    def close(self):
        super().close()
        self._held.close()
