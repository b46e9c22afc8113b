"""A tree of files: a folder on disk, or a zip archive."""

import contextlib
import io
import os
import zipfile
import zlib

from gan_tf.errors import UserError

_MOST_BYTES = 1 << 28  # of one unpacked file: more is not a picture but a zip bomb


class FolderTree:
    """The files below a folder.

    Args:
        root: its path.
    """

    def __init__(self, root):
        self.root = root

    def files(self):
        """Returns every file, relative and sorted; links are followed, each folder once.

        Names that begin with a dot are left out, and folders that cannot be read.
        """
        found, seen, waiting = [], set(), [""]
        while waiting:
            below = waiting.pop()
            folders = []
            try:
                identity = os.stat(os.path.join(self.root, below))
                if (identity.st_dev, identity.st_ino) in seen:
                    continue
                seen.add((identity.st_dev, identity.st_ino))
                with os.scandir(os.path.join(self.root, below)) as entries:
                    for entry in entries:
                        if entry.name.startswith("."):
                            continue
                        with contextlib.suppress(OSError):  # a link to itself
                            if entry.is_dir():
                                folders.append(below + entry.name + os.sep)
                            elif entry.is_file():
                                found.append(below + entry.name)
            except OSError:
                continue
            waiting += sorted(folders, reverse=True)
        return sorted(found)

    def fingerprint(self, file):
        """Returns a string that changes when a file does."""
        try:
            stat = os.stat(os.path.join(self.root, file))
        except OSError:  # deleted since it was listed; reading it reports that
            return "gone"
        return f"{stat.st_size}\0{stat.st_mtime_ns}"

    def open(self, file):
        """Returns a file, open for reading bytes; raises an OSError on failure."""
        return open(os.path.join(self.root, file), "rb")


class ZipTree:
    """The files in a zip archive, read in place: nothing is unpacked to disk.

    Their names are never used as paths on disk, so they cannot point outside the archive.

    Args:
        path: the archive.
        flag: the flag that names it, for messages.

    Raises:
        UserError: when it cannot be read.
    """

    def __init__(self, path, flag="--image_dir"):
        try:
            self._zip = zipfile.ZipFile(path)
        except Exception as error:  # of a broken archive
            raise UserError(
                f"'{path}' is not a readable zip file ({error}): correct {flag}."
            ) from error
        self._entries = {}
        for each in self._zip.infolist():
            # Some programs for Windows write backslashes.
            name = each.filename.replace("\\", "/") if each.create_system == 0 else each.filename
            parts = [part for part in name.split("/") if part not in ("", ".", "..")]
            # A zip made on macOS holds a ._ file for each, in a separate folder.
            hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
            if parts and not hidden and not name.endswith("/"):
                self._entries[os.sep.join(parts)] = each

    def files(self):
        """Returns the names of the files, sorted; names that begin with a dot are left out."""
        return sorted(self._entries)

    def fingerprint(self, file):
        """Returns a string that changes when a file does."""
        entry = self._entries[file]
        return f"{entry.file_size}\0{entry.CRC}"

    def open(self, file):
        """Returns a file, open for reading bytes; raises a ValueError on failure."""
        entry = self._entries[file]
        if entry.file_size > _MOST_BYTES:
            raise ValueError(f"it is too large: {entry.file_size:,} bytes")
        try:
            return io.BytesIO(self._zip.read(entry))
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise ValueError(str(error)) from error
