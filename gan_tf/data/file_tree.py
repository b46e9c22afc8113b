"""A tree of files: a folder on disk, or a zip archive."""

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

    Attributes:
        left_out: [(file or folder, reason)] of what `files` has left out, hidden names excepted.
    """

    def __init__(self, root):
        self.root = root
        self.left_out = []

    def files(self):
        """Returns every file, relative and sorted; links are followed, each folder once.

        Names that begin with a dot are left out, and folders that cannot be read.
        """
        self.left_out.clear()
        found, seen, waiting = [], set(), [""]
        while waiting:
            below = waiting.pop()
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
                            continue
                        if _is(entry.is_dir):
                            folders.append(below + entry.name + os.sep)
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
        self.left_out.sort()
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

    Attributes:
        left_out: as for `FolderTree`.

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
        self._entries, self.left_out = {}, []
        for each in self._zip.infolist():
            # Some programs for Windows write backslashes.
            name = each.filename.replace("\\", "/") if each.create_system == 0 else each.filename
            parts = [part for part in name.split("/") if part not in ("", ".", "..")]
            # A zip made on macOS holds a ._ file for each, in a separate folder.
            hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
            if parts and not hidden and not name.endswith("/"):
                file = os.sep.join(parts)
                if file in self._entries:
                    self.left_out.append((file, "replaced by a later file of the same name"))
                self._entries[file] = each

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
