"""The user's own files in a folder, or a zip archive of one, whose sub-folders are classes."""

import abc
import hashlib
import os
import pathlib
import unicodedata

from gan_tf.data.cache import nothing
from gan_tf.data.class_names import natural_key, visual_key
from gan_tf.data.file_images import UNREADABLE, FileImages, reason_of
from gan_tf.data.file_tree import open_tree
from gan_tf.registry import MODALITIES

_PARTS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval"}
_TRIED = 100  # files, until one can be read


class ClassFolders(FileImages):
    """Base of the data sets of all files below a folder.

    The folders directly below it that hold a readable file are the classes; if there is only one,
    and it holds its files in folders, the classes are those. If there are files next to the
    folders, the data set has no labels, and `notes` says so.

    Subclasses define `read`, `check` and `decoding`, and call `_find` at the end of their
    constructors.

    Args:
        path: the folder, or a zip archive of one, which is read without unpacking.
        budget: bytes that an archive may unpack to.

    Attributes:
        flag: the flag that names the folder, for messages.
        decoding: a str that changes when what `read` returns can, for the same file.
    """

    checked_early = True
    flag = None
    decoding = None

    def __init__(self, path, budget):
        super().__init__()
        self._tree = self._open(path, budget)
        self.root = pathlib.Path(path)
        self.notes = []
        self._problems = {}  # of the files that were tried
        self._folder = ""  # the one whose folders are the classes, with a separator at its end

    @abc.abstractmethod
    def check(self, file):
        """Raises an OSError or ValueError, as `read` would, if a file of the tree cannot be read."""

    @property
    def origin(self):
        return f"'{self.root}' ({self.flag})"

    def check_readable(self):
        """Raises a `UserError` if there is no file that can be read among at most 100."""
        if self._first_readable() is None and len(self._items) <= _TRIED:
            problems = [(self.full_name(file), self._problem(file)) for file, _ in self._items]
            self.skipped[:] = [*self.left_out, *problems]
            raise nothing(self)

    @property
    def cache_key(self):
        digest = hashlib.sha256(f"{self.decoding} {self.label_names}".encode(errors="replace"))
        for file, label in [*self._items, *self._held_out]:
            fingerprint = self._tree.fingerprint(self.full_name(file))
            digest.update(f"{file}\0{label}\0{fingerprint}\n".encode(errors="replace"))
        return digest.hexdigest()

    def full_name(self, file):
        return self._folder + file

    def size(self, file):
        return self._tree.size(self.full_name(file))

    def open(self, file):
        return self._tree.open(self.full_name(file))

    def _open(self, path, budget):
        """The tree of files at a path; archives unpack to at most `budget` bytes."""
        return open_tree(path, self.flag, budget)

    def _find(self):
        """Lists the files and their classes."""
        files = self._tree.files()
        self.left_out += self._tree.left_out
        self._items, self.label_names = self._classes(files)

    @property
    def _plural(self):
        return MODALITIES.entry(self.modality).attributes["plural"]

    def _classes(self, files):
        """Sorts files into classes: [(file, label or None)], names; fills `left_out`."""
        while True:
            folders, loose = {}, []
            for file in files:
                folder, below, _ = file.partition(os.sep)
                folders.setdefault(folder, []).append(file) if below else loose.append(file)
            if not folders:
                return [(file, None) for file in loose], ()
            first = next((file for file in loose if not self._problem(file)), None)
            classes = {name: each for name, each in folders.items() if self._any(each)}
            if first:
                if classes:
                    self.notes.append(
                        f"{self.full_name(first)!r} and possibly others are not in any of the folders of "
                        f"{self.origin}, so these are not classes, and the {self._plural} have no labels."
                    )
                return [(file, None) for file in files], ()
            kept = {file for each in classes.values() for file in each}
            self.left_out += [
                (self.full_name(file), self._problem(file)) for file in files if file not in kept
            ]
            if len(classes) != 1:
                return self._labeled(classes)
            [name] = classes
            inside = [file.partition(os.sep)[2] for file in classes[name]]
            if self._any(os.path.join(name, file) for file in inside if os.sep not in file):
                return self._labeled(classes)
            self._folder, files = self._folder + name + os.sep, inside

    def _labeled(self, classes):
        """Items and names of classes, {folder: files}; folders that look the same are one class."""
        if self._folder and classes:
            self.notes.append(f"The classes are the folders in {self._folder[:-1]!r}.")
        alike = {}
        for folder in classes:
            alike.setdefault(visual_key(folder), []).append(folder)
        names = {key: unicodedata.normalize("NFC", each[0]) for key, each in alike.items()}
        order = sorted(names, key=lambda key: natural_key(names[key]))
        for each in alike.values():
            if len(each) > 1:
                listed = " and ".join(ascii(folder) for folder in each)
                self.notes.append(f"The folders {listed} look the same and are one class.")
        if len(order) > 1 and _parts_of_a_set(classes):
            self.notes.append(
                f"The classes are {', '.join(map(repr, sorted(classes)))}: if these are parts of one data "
                f"set, give only one of them with {self.flag}, so that the folders in it are the classes."
            )
        if len(order) == 1:
            self.notes.append(f"All {self._plural} are of one class, {names[order[0]]!r}.")
        labels = {folder: order.index(key) for key, each in alike.items() for folder in each}
        items = [(file, labels[folder]) for folder, files in classes.items() for file in files]
        return sorted(items), tuple(names[key] for key in order)

    def _first_readable(self):
        """The first item's file that can be read, of the first 100; else None."""
        tried = (file for file, _ in self._items[:_TRIED])
        return next((file for file in tried if not self._problem(file)), None)

    def _any(self, files):
        """Whether any of these files can be read."""
        return any(not self._problem(file) for file in files)

    def _problem(self, file):
        """Why a file cannot be read, or None."""
        file = self.full_name(file)
        if file not in self._problems:
            try:
                self.check(file)
                self._problems[file] = None
            except UNREADABLE as error:
                self._problems[file] = reason_of(error)
        return self._problems[file]


def _parts_of_a_set(classes):
    """Whether folders, {name: files}, are called as a training and a test set, or divided alike."""
    if all(name.lower() in _PARTS for name in classes):
        return True
    # The names of the folders in each, "" for files of its own.
    divided = [{(*file.split(os.sep)[1:-1], "")[0] for file in files} for files in classes.values()]
    return "" not in set().union(*divided) and bool(set.intersection(*divided))
