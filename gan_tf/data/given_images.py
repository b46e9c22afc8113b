"""Images given to a command with --images: a folder, a zip archive, an image, or an .npz file."""

import os
from typing import NamedTuple

import numpy as np
from PIL import Image

from gan_tf.data import left_out
from gan_tf.data.class_names import quoted, visual_key
from gan_tf.data.examples import LABEL
from gan_tf.data.exif import of_origin
from gan_tf.data.file_tree import FolderTree, is_archive, open_tree
from gan_tf.data.image_file import (
    decoded,
    has_pages,
    is_animated,
    over_white,
    remarks,
    square,
    stored_size,
)
from gan_tf.data.image_folder import ImageFolder
from gan_tf.data.source import Source
from gan_tf.errors import UserError
from gan_tf.files.array_file import read_npz
from gan_tf.files.zip_reader import ZipReader
from gan_tf.messages import show

_FLAG = "--images"
_MAX_BYTES = 1 << 33  # of the arrays of a file
_MAX_CLASSES = 1 << 16
_BATCH = 512
_DAMAGED_EXIF = "The EXIF is damaged, and ignored"
_FIRST = "Of several frames or pages, only the first is used"


def open_images(path, image_shape, crop="center", archive_mb=65536):
    """Returns the images that a user gives, as a data set.

    Args:
        path: a folder or a zip archive of images, an image, or an .npz file of arrays as
            `python -m gan_tf.generate --format=npz` writes it; what it is depends on its content.
        image_shape: (height, width, channels) that they are cropped and resized to.
        crop: one of `gan_tf.data.image_file.CROPS`.
        archive_mb: megabytes that an archive may unpack to.

    Returns:
        A `Source`.

    Raises:
        UserError: when there is no such file or folder, or it holds no images.
    """
    color_mode = "rgb" if image_shape[-1] == 3 else "grayscale"
    if _holds_arrays(path):
        return GivenArrays(path, image_shape[0], crop, color_mode)
    return GivenFolder(path, image_shape[0], crop, color_mode, archive_mb)


def tree(path, budget):
    """Returns the files of a folder or a zip archive, or one file (see `gan_tf.data.file_tree`).

    Args:
        path: the path.
        budget: bytes that an archive may unpack to.

    Raises:
        UserError: when there is none.
    """
    if os.path.isfile(path) and not is_archive(path):
        return _OneFile(path)
    return open_tree(path, _FLAG, budget)


class Whole(NamedTuple):
    """A decoded image.

    Attributes:
        pixels: uint8 (height, width, channels).
        alpha: its opacity, uint8 (height, width); None: opaque.
        exif: see `gan_tf.data.exif.of_origin`.
        remarks: what of the file is not used: phrases.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None
    exif: bytes
    remarks: tuple


def whole(content, channels):
    """Decodes an image in its own size, in sRGB, upright.

    Args:
        content: a file, opened for reading bytes.
        channels: 1 or 3.

    Returns:
        A `Whole`, whose pixels are white where they cannot be seen.

    Raises:
        ValueError: as for `gan_tf.data.image_file.load_image`.
    """
    with decoded(content) as image:
        alpha, exif, said = None, b"", []
        try:
            exif = of_origin(image)
        except ValueError:
            said.append(_DAMAGED_EXIF)
        if image.has_transparency_data:
            image = image.convert("RGBA")
            alpha = np.array(image.getchannel("A"))
            image = image.convert("RGB")
        pixels = _pixels(image, channels)
    if alpha is not None:
        pixels[alpha == 0] = 255
    if has_pages(content) or is_animated(content):
        said.append(_FIRST)
    return Whole(pixels, alpha, exif, tuple(said))


def opaque(content, channels, most_pixels, most_side):
    """Decodes an image in its own size, in sRGB, upright, over white.

    Args:
        content: a file, opened for reading bytes.
        channels: 1 or 3.
        most_pixels, most_side: how large it may be; the header says so before anything is decoded.

    Returns:
        uint8 (height, width, channels).

    Raises:
        ValueError: when it is larger, and as for `gan_tf.data.image_file.load_image`.
    """
    width, height = stored_size(content)
    if width * height > most_pixels or max(width, height) > most_side:
        raise ValueError(
            f"it has {width:,}x{height:,} pixels, and may have {most_pixels:,} in all and "
            f"{most_side:,} per side"
        )
    with decoded(content) as image:
        return _pixels(over_white(image), channels)


def _pixels(image, channels):
    converted = image.convert("RGB" if channels == 3 else "L")
    return np.array(converted).reshape(image.height, image.width, -1)


def report(source, skipped):
    """Prints how given images were read, and what was left out."""
    for note in [*source.notes, *left_out.sentences(skipped)]:
        show(note)


def classes_of(source, labels, label_names):
    """Returns the labels of given images as indices of a data set's classes.

    Args:
        source: what `open_images` returned.
        labels: int (n,) of its images; None: without labels.
        label_names: names of the data set's classes.

    Returns:
        int (n,), or None without labels, or if not all of them are among these classes.
    """
    places = None if labels is None else source.places(label_names)
    return None if places is None else np.asarray(places)[labels]


def other_classes(source, whose, label_names):
    """Returns the beginning of a sentence: the labels of given images are not classes of a run, ..."""
    return f"{source.labels_in_words} are not classes of {whose} ({quoted(label_names)})"


class GivenFolder(ImageFolder):
    """A folder or a zip archive of images, or one image, given with --images."""

    flag = _FLAG

    @property
    def labels_in_words(self):
        """What its labels are, for messages."""
        return f"The folders of {self.origin}, {quoted(self.label_names)},"

    def places(self, label_names):
        """Returns the index of each of its classes among these names; None if one is missing."""
        known = {visual_key(name): index for index, name in enumerate(label_names)}
        places = [known.get(visual_key(name)) for name in self.label_names]
        return None if None in places else places

    def _open(self, path, budget):
        return tree(path, budget)


class _OneFile(FolderTree):
    """A file on its own."""

    def __init__(self, path):
        root, self._file = os.path.split(path)
        super().__init__(root)

    def files(self):
        """Returns its name."""
        return [self._file]


class GivenArrays(Source):
    """An .npz file of images given with --images; arguments as for `GivenFolder`.

    It holds uint8 (n, height, width, channels) named `images`, or one such array of another name, and
    optionally int (n,) named `label`, the index of each image's class.
    """

    name = "images"

    def __init__(self, path, image_size, crop, color_mode):
        self._path, self._crop = path, crop
        self._mode = "RGB" if color_mode == "rgb" else "L"
        self.sample_shape = (image_size, image_size, 3 if color_mode == "rgb" else 1)
        self.notes, self.skipped = [], []
        try:
            arrays = read_npz(path, _MAX_BYTES, links=True)
        except (OSError, ValueError) as error:
            raise UserError(f"{self.origin} cannot be read ({error}): give another.") from error
        images = {name: each for name, each in arrays.items() if _is_images(each)}
        name = "images" if "images" in arrays or len(images) != 1 else next(iter(images))
        if name not in images:
            found = ", ".join(f"{key} {each.dtype}{each.shape}" for key, each in arrays.items())
            raise UserError(
                f"{self.origin} must hold an array 'images', uint8 (n, height, width, 1 or 3), and holds "
                f"{found[:200] or 'none'}: give another."
            )
        self._images = images[name]
        self.notes += remarks(int(self._images.max()))
        self.num_examples = len(self._images)
        self._labels = arrays.get(LABEL)
        if self._labels is not None and not _is_labels(self._labels, self.num_examples):
            self.notes.append(
                f"The array '{LABEL}' of {self.origin} is not used: it must hold the index of a class "
                "for each image."
            )
            self._labels = None
        if self._labels is not None:
            self._labels = self._labels.astype(np.int64)
            self.label_names = tuple(map(str, range(self._labels.max() + 1)))

    @property
    def origin(self):
        return f"'{self._path}' ({_FLAG})"

    @property
    def cache_key(self):
        facts = os.stat(self._path)
        where = os.path.realpath(self._path)
        return f"{where} {facts.st_size} {facts.st_mtime_ns} {self.sample_shape} {self._crop}"

    @property
    def labels_in_words(self):
        """What its labels are, for messages."""
        return f"The labels of {self.origin}, up to {len(self.label_names) - 1},"

    def places(self, label_names):
        """Returns the index of each of its classes among these names; None if one is missing."""
        count = len(self.label_names)
        return list(range(count)) if count <= len(label_names) else None

    def items(self):
        """Returns [(name, label or None)]: each image is called after the file, with a number."""
        stem = os.path.splitext(os.path.basename(self._path))[0]
        labels = [None] * self.num_examples if self._labels is None else self._labels.tolist()
        return [(f"{stem}-{row:06d}", label) for row, label in enumerate(labels)]

    def read_items(self):
        """Returns all of them."""
        return self.items()

    def batches(self):
        """Yields {"image": uint8}, with "label" if labeled."""
        for start in range(0, self.num_examples, _BATCH):
            rows = slice(start, start + _BATCH)
            batch = {"image": np.stack(list(map(self._fitted, self._images[rows])))}
            yield batch if self._labels is None else batch | {LABEL: self._labels[rows]}

    def _fitted(self, pixels):
        if pixels.shape == self.sample_shape:
            return pixels
        image = Image.fromarray(pixels if pixels.shape[-1] == 3 else pixels[..., 0])
        fitted = square(image, self.sample_shape[0], self._crop, self._mode)
        return np.asarray(fitted).reshape(self.sample_shape)


def _is_images(array):
    return (
        array.dtype == np.uint8 and array.ndim == 4 and array.shape[-1] in (1, 3) and array.size > 0
    )


def _is_labels(array, count):
    """Whether an array can be the index of a class for each of `count` images."""
    if array.dtype.kind not in "iu" or array.shape != (count,):
        return False
    return 0 <= array.min() <= array.max() < _MAX_CLASSES


def _holds_arrays(path):
    """Whether a file is an archive of NumPy arrays."""
    try:
        names = [each.filename for each in ZipReader(path, 0).members]
    except (OSError, ValueError):  # a folder, missing, or broken; reported elsewhere
        return str(path).lower().endswith(".npz") and os.path.isfile(path)
    return bool(names) and all(each.endswith(".npy") for each in names)
