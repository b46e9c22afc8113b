"""The user's own images, in any common format: a folder or a zip archive."""

import contextlib
import hashlib
import os
import pathlib
import unicodedata

import numpy as np

from gan_tf.data import image_file
from gan_tf.data.class_names import natural_key, visual_key
from gan_tf.data.file_images import UNREADABLE, FileImages, reason_of
from gan_tf.data.file_tree import open_tree
from gan_tf.data.image_file import load_image
from gan_tf.data.white_levels import WhiteLevels
from gan_tf.registry import DATASETS

_PARTS = {"train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval"}


@DATASETS.register("image_folder")
class ImageFolder(FileImages):
    """Your own images: every file below --image_dir, sub-folders are classes.

    JPEG, PNG, WebP, BMP, GIF (first frame), TIFF and, with the package pillow-heif, HEIC, in
    grayscale, RGB, RGBA, palette, 16-bit, float or CMYK, are all converted to sRGB, whatever their
    names; transparency becomes white; the EXIF orientation is applied. Files and folders whose
    names begin with a dot are skipped.

    The folders directly below `image_dir` that hold a readable image are the classes; if there is
    only one, and it holds its images in folders, the classes are those. If there are images next
    to the folders, the data set has no labels, and `notes` says so.

    Args:
        image_dir: the folder, or a zip archive of one, which is read without unpacking.
        image_size: height and width in pixels, default 64.
        crop: how an image becomes square: "center" (default) and "top" cut the largest
            square there, "pad" adds black bars, "stretch" distorts.
        color_mode: "rgb" (default) or "grayscale".
        archive_mb: MB that an archive may unpack to, default 65536.
    """

    name = "image_folder"
    flag = "--image_dir"  # that names the folder, for messages
    default_image_size = 64
    users_own = True
    channels = None
    terms = "not known to gan_tf: those of the images in the folder that was trained on"

    def __init__(
        self,
        image_dir: str,
        image_size: int | None = None,
        crop: str = "center",
        color_mode: str = "rgb",
        archive_mb: int = 65536,
    ):
        super().__init__()
        self._tree = self._open(image_dir, archive_mb << 20)
        self.root = pathlib.Path(image_dir)
        self.crop = crop
        self.mode = "RGB" if color_mode == "rgb" else "L"
        size = image_size or self.default_image_size
        self.sample_shape = (size, size, 3 if color_mode == "rgb" else 1)
        self.notes = []
        self._white = WhiteLevels(self._tree, self._listed, self.notes)
        self._paged = set()  # files of several pages
        self._problems = {}  # of the files that were tried
        self._folder = ""  # the one whose folders are the classes, with a separator at its end
        files = self._tree.files()
        self.left_out += self._tree.left_out
        self._items, self.label_names = self._classes(files)

    @property
    def origin(self):
        return f"'{self.root}' ({self.flag})"

    @property
    def cache_key(self):
        facts = f"{image_file.DECODING} {image_file.FORMATS} {self.sample_shape} {self.crop}"
        digest = hashlib.sha256(f"{facts} {self.label_names}".encode(errors="replace"))
        for file, label in [*self._items, *self._held_out]:
            fingerprint = self._tree.fingerprint(self.full_name(file))
            digest.update(f"{file}\0{label}\0{fingerprint}\n".encode(errors="replace"))
        return digest.hexdigest()

    def _listed(self):
        return [self._folder + file for file, _ in [*self._items, *self._held_out]]

    def full_name(self, file):
        return self._folder + file

    def size(self, file):
        return self._tree.size(self.full_name(file))

    def open(self, file):
        return self._tree.open(self.full_name(file))

    def read(self, file):
        path, size = self.full_name(file), self.sample_shape[0]
        with _reasons(path):
            with self._tree.open(path) as content:
                mode = image_file.deep_mode(content)
                if image_file.num_pages(content) > 1:
                    self._paged.add(path)
                if not mode:
                    return self._picture(content, size)
            white = self._white(mode)  # opens other files, so this one is closed
            with self._tree.open(path) as content:
                return self._picture(content, size, white)

    def batches(self):
        """Yields {"image": uint8}, with "label" if labeled; fills `skipped` and `notes`."""
        brightest = None
        for batch in super().batches():
            brightest = max(brightest or 0, int(batch["image"].max()))
            yield batch
        if brightest is not None:
            self.notes += image_file.remarks(brightest)
        if self._paged:
            self.notes.append(
                f"Only the first page is used of {len(self._paged):,} TIFFs of several, such as "
                f"{min(self._paged)!r}: save the pages as files of their own to use all."
            )

    def _open(self, path, budget):
        """The tree of files at a path; archives unpack to at most `budget` bytes."""
        return open_tree(path, self.flag, budget)

    def _picture(self, content, size, white=None):
        picture = load_image(content, size, self.crop, self.mode, white)
        return np.asarray(picture).reshape(size, size, -1)

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
                        f"{self.origin}, so these are not classes, and the images have no labels."
                    )
                return [(file, None) for file in files], ()
            kept = {file for each in classes.values() for file in each}
            self.left_out += [
                (self.full_name(file), self._problem(file)) for file in files if file not in kept
            ]
            if len(classes) != 1:
                return self._labelled(classes)
            [name] = classes
            inside = [file.partition(os.sep)[2] for file in classes[name]]
            if self._any(os.path.join(name, file) for file in inside if os.sep not in file):
                return self._labelled(classes)
            self._folder, files = self._folder + name + os.sep, inside

    def _labelled(self, classes):
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
            self.notes.append(f"All images are of one class, {names[order[0]]!r}.")
        labels = {folder: order.index(key) for key, each in alike.items() for folder in each}
        items = [(file, labels[folder]) for folder, files in classes.items() for file in files]
        return sorted(items), tuple(names[key] for key in order)

    def _any(self, files):
        """Whether any of these files can be read."""
        return any(not self._problem(file) for file in files)

    def _problem(self, file):
        """Why a file cannot be read, or None."""
        file = self.full_name(file)
        if file not in self._problems:
            try:
                with _reasons(file), self._tree.open(file) as content:
                    self._picture(content, 8)
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


@contextlib.contextmanager
def _reasons(file):
    """Raises a ValueError inside again, with a reason that depends on the file's name, too."""
    try:
        yield
    except ValueError as error:
        raise ValueError(image_file.reason_of_file(file, str(error))) from error
