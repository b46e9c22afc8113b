"""Bounded reading of zip archives: nothing is unpacked to disk, no declared size is trusted."""

import io
import os
import threading
import zipfile
import zlib

from gan_tf.files.plain_file import open_plain

MAX_ARCHIVE = 1 << 42  # bytes of an archive that is read in place
_MAX_DIRECTORY = 64 << 20  # bytes of its list of members: some 600,000
_PIECE = 1 << 16
_ENCRYPTED = 1  # a bit of a member's flags
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class BudgetError(ValueError):
    """An archive unpacks to more bytes than it may."""


class ZipReader:
    """The members of a zip archive of unknown origin, read by any number of threads.

    Args:
        source: the archive's path, where links are followed, or a binary file.
        budget: bytes that all members together may unpack to; one that is read again counts once.

    Attributes:
        members: a `zipfile.ZipInfo` of each file in it; their names must not be used as paths.

    Raises:
        OSError: when it cannot be read.
        ValueError: when it is not a zip archive.
    """

    def __init__(self, source, budget):
        self._budget = self._left = budget
        self._spent = {}  # by the places of the members
        self._lock = threading.Lock()
        file = source if hasattr(source, "read") else open_plain(source, MAX_ARCHIVE, links=True)
        try:
            self._zip = zipfile.ZipFile(_BoundedReads(file))
        except (OSError, ValueError):
            file.close()
            raise
        except Exception as error:  # a broken archive raises many kinds
            file.close()
            raise ValueError(str(error) or type(error).__name__) from error
        self.members = [each for each in self._zip.infolist() if not each.is_dir()]

    def read(self, member, max_bytes):
        """Returns the content of a member.

        Args:
            member: one of `members`.
            max_bytes: its maximum size.

        Raises:
            BudgetError: when the members that were read unpack to more than the budget.
            OSError: when it cannot be read.
            ValueError: when it is damaged, encrypted, too large, or compressed by another method
                than deflate.
        """
        if member.compress_type not in _METHODS:
            raise ValueError("it is compressed by a method other than deflate")
        if member.flag_bits & _ENCRYPTED:
            raise ValueError("it is encrypted: unpack the archive with its password")
        if member.file_size > max_bytes:
            raise ValueError(f"it is too large: {member.file_size:,} bytes")
        pieces, size = [], 0
        try:
            with self._zip.open(member) as file:
                # In pieces: the sizes that an archive declares can be false.
                while piece := file.read(_PIECE):
                    size += len(piece)
                    self._spend(member.header_offset, size)
                    if size > max_bytes:
                        raise ValueError(f"it is too large: more than {max_bytes:,} bytes")
                    pieces.append(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OverflowError) as error:
            raise ValueError(str(error) or "it is damaged") from error
        return b"".join(pieces)

    def close(self):
        """Closes the archive."""
        self._zip.close()

    def _spend(self, place, size):
        with self._lock:
            before = self._spent.get(place, 0)
            self._spent[place] = max(before, size)
            self._left -= self._spent[place] - before
            if self._left < 0:
                raise BudgetError(f"it unpacks to more than {self._budget:,} bytes")


class _BoundedReads(io.BufferedIOBase):
    """A file of which `zipfile` cannot read a gigantic list of members at once."""

    def __init__(self, file):
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def read(self, size=-1):
        left = max(0, self._size - self._file.tell())
        size = left if size is None or size < 0 else min(size, left)
        if size > _MAX_DIRECTORY:
            raise ValueError("its list of members is too large")
        return self._file.read(size)

    def seekable(self):
        return True

    def readable(self):
        return True
