"""CelebA: aligned faces of celebrities, by tensorflow-datasets or from an archive."""

import csv
import io
import pathlib

import numpy as np
import tensorflow as tf

from gan_tf.data.examples import LABEL
from gan_tf.data.file_images import FileImages
from gan_tf.data.source import Derived
from gan_tf.data.tfds_images import TfdsImages, reason, resize
from gan_tf.errors import UserError, suggest
from gan_tf.files.plain_file import read_bytes
from gan_tf.files.zip_reader import BudgetError, ZipReader
from gan_tf.registry import DATASETS

_FACE = 178  # the width of an aligned CelebA image; the crop is a square of it
_MOST_BYTES = 1 << 24  # a face has some 10,000
_MOST_SIDE = 4096  # pixels
_MOST_LIST_BYTES = 1 << 26  # the list of attributes has 27 million
_ATTRIBUTES = "list_attr_celeba"
_PARTITION = "list_eval_partition"
_LISTS = {name: (f"{name}.txt", f"{name}.csv") for name in (_ATTRIBUTES, _PARTITION)}
_CSV_KEY = "image_id"  # the first column
_ALIGNED = "img_align_celeba"


@DATASETS.register("celeb_a")
class CelebA:
    """CelebA: 162,770 aligned faces, center-cropped, RGB, 40 attributes.

    Source: Liu et al., "Deep Learning Face Attributes in the Wild", 2015. For
    non-commercial research.

    Args:
        data_dir: as for the other tensorflow-datasets sources.
        celeb_a_archive: an `img_align_celeba.zip`, or the folder it unpacks to, instead
            of tensorflow-datasets, whose download from Google Drive often hits a quota; or
            Kaggle's archive.zip. The lists `list_attr_celeba` and `list_eval_partition`, .txt or
            .csv, are read if they are in it, next to it, or in the authors' folders.
        image_size: height and width in pixels, default 64.
        label: an attribute, such as Smiling: the label is then whether a face has it.
        archive_mb: MB that an archive may unpack to, default 65536.
    """

    modality = "image"
    pairing = "single"
    default_image_size = 64
    channels = 3
    labels = "attributes"
    features = "celeb_a_attributes"
    terms = (
        "non-commercial research only, neither images nor anything derived from them may be used "
        "commercially, and the images may not be passed on "
        "(https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html)"
    )

    def __new__(
        cls,
        data_dir: str | None = None,
        celeb_a_archive: str | None = None,
        image_size: int | None = None,
        label: str | None = None,
        archive_mb: int = 65536,
    ):
        image_size = image_size or cls.default_image_size
        if celeb_a_archive:
            source = CelebAArchive(celeb_a_archive, image_size, archive_mb)
        else:
            source = CelebATfds(data_dir, image_size)
        return ByAttribute(source, label) if label else source


def crop(image, size):
    """Cuts the central 178x178 of a decoded face and resizes it to (size, size), antialiased."""
    return resize(tf.image.resize_with_crop_or_pad(image, _FACE, _FACE), size)


def _decode_face(content):
    """Decodes a JPEG of a sane size: a small file can hold a huge picture."""
    size = tf.image.extract_jpeg_shape(content)
    sane = tf.debugging.assert_less_equal(size, _MOST_SIDE, "it is too large for a CelebA image")
    with tf.control_dependencies([sane]):
        return tf.io.decode_jpeg(content, channels=3)


class CelebATfds(TfdsImages):
    """CelebA from tensorflow-datasets."""

    name = "celeb_a"
    default_image_size = CelebA.default_image_size
    channels = CelebA.channels
    published_images = 162_770
    download_host = "drive.google.com"

    @property
    def label_names(self):
        return tuple(sorted(self.builder.info.features["attributes"]))

    def preprocess(self, image):
        return crop(image, self.image_size)

    def labels(self, example):
        return tf.stack([example["attributes"][name] for name in self.label_names])

    def remedy(self):
        return (
            "; Google Drive often refuses CelebA for its quota, so you may get img_align_celeba.zip "
            "from elsewhere (the authors' page lists mirrors) and pass it with --celeb_a_archive=..."
        )


class CelebAArchive(FileImages):
    """CelebA from `img_align_celeba.zip` or its unpacked folder: the training partition."""

    name = "celeb_a"

    def __init__(self, archive, image_size, archive_mb=65536):
        super().__init__()
        self.path = pathlib.Path(archive)
        self.sample_shape = (image_size, image_size, CelebA.channels)
        self._decode = tf.function(
            lambda content: crop(_decode_face(content), image_size),
            input_signature=[tf.TensorSpec((), tf.string)],
        )
        self.zip = None
        if self.path.is_dir():
            found = sorted(file for file in self.path.rglob("*") if file.is_file())
        elif self.path.exists():
            try:
                self.zip = ZipReader(self.path, archive_mb << 20)
            except (ValueError, OSError) as error:
                raise UserError(
                    f"'{archive}' is not a readable zip file ({error}): --celeb_a_archive takes "
                    "img_align_celeba.zip or the folder it unpacks to."
                ) from error
            self._members = {
                pathlib.PurePosixPath(each.filename): each for each in self.zip.members
            }
            found = sorted(self._members)
        else:
            raise UserError(f"There is no '{archive}': correct --celeb_a_archive.")
        # A zip made on macOS holds a ._ file for each.
        faces = [file for file in found if file.suffix == ".jpg" and file.name[0] != "."]
        # The photos that the faces are cut from have the same names.
        faces = [file for file in faces if _ALIGNED in file.parts[:-1]] or faces
        self._files = {file.name: file for file in faces}
        if not self._files:
            raise UserError(
                f"'{archive}' holds no .jpg file: --celeb_a_archive takes img_align_celeba.zip or "
                "the folder it unpacks to."
            )
        self._lists = {name: self._find_list(name, found) for name in _LISTS}
        try:
            self.label_names, self._attributes = self._read_attributes()
            self._partition = self._read_partition()
        except (ValueError, IndexError) as error:
            raise UserError(
                f"A list in or next to '{archive}', {_ATTRIBUTES} or {_PARTITION}, is damaged "
                f"({error}): get it again, or remove it to train without it."
            ) from error
        self.notes = []
        if not self._partition:
            self.notes.append(
                f"There is no {' or '.join(_LISTS[_PARTITION])} in or next to '{archive}', so all "
                f"{len(self._files):,} images are used, including those for validation and tests."
            )
        self._items = self._training_items()

    @property
    def cache_key(self):
        images = [self.path] if self.zip else self._files.values()
        lists = [file for file in self._lists.values() if isinstance(file, pathlib.Path)]
        stats = [(str(file.resolve()), file.stat()) for file in (*images, *lists)]
        facts = [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]
        return f"{facts}-{self.sample_shape}-{len(self._items)} of {self.label_names}"

    def items(self):
        return self._items

    def _training_items(self):
        """[(name, attributes or None)]; fills `left_out` with faces that a list does not name."""
        items = []
        for name in self._files:
            if self._partition.get(name, "0") != "0":
                continue
            lists = {_PARTITION: self._partition, _ATTRIBUTES: self._attributes}
            missing = [each for each, known in lists.items() if known and name not in known]
            if missing:
                self.left_out.append((name, f"it is not in {missing[0]}"))
            else:
                items.append((name, self._attributes.get(name)))
        return items

    def size(self, file):
        source = self._files[file]
        if self.zip:
            return self._members[source].file_size
        return source.stat().st_size if source.exists() else None

    def open(self, file):
        return io.BytesIO(self._content(self._files[file], _MOST_BYTES))

    def read(self, file):
        try:
            return self._decode(self._content(self._files[file], _MOST_BYTES)).numpy()
        except tf.errors.OpError as error:
            raise ValueError(reason(error)) from error

    def _content(self, file, max_bytes):
        """The content of a file on disk, or of one in the archive."""
        if isinstance(file, pathlib.Path):
            return read_bytes(file, max_bytes, links=True)
        try:
            return self.zip.read(self._members[file], max_bytes)
        except BudgetError as error:
            raise UserError(
                f"'{self.path}': {error}; if you trust it, give a larger --archive_mb."
            ) from error

    def _find_list(self, name, found):
        """A list as a path, as a name in the archive, or None; `found` are the files in the archive."""
        inside = [
            file for file in found if file.name in _LISTS[name] and "__MACOSX" not in file.parts
        ]
        # Next to the archive, where Kaggle's archive unpacks, and where the authors' folders are.
        above = [self.path.parent, self.path.parent.parent]
        folders = [folder / below for folder in above for below in ("", "Anno", "Eval")]
        beside = (folder / file for folder in folders for file in _LISTS[name])
        return next(iter(inside), None) or next((path for path in beside if path.is_file()), None)

    def _rows(self, name):
        """The rows of a list, each a list of words, without empty ones."""
        file = self._lists[name]
        if file is None:
            return []
        lines = self._content(file, _MOST_LIST_BYTES).decode("utf-8-sig").splitlines()
        rows = csv.reader(lines) if "," in lines[0] else map(str.split, lines)
        return [row for row in rows if row]

    def _read_attributes(self):
        rows = self._rows(_ATTRIBUTES)
        if not rows:
            return (), {}
        if rows[0][0] == _CSV_KEY:
            header, rows = rows[0][1:], rows[1:]
        else:  # the .txt begins with the number of rows
            _, header, rows = int(rows[0][0]), rows[1], rows[2:]
        if any(len(row) != len(header) + 1 for row in rows):
            raise ValueError("a row has another number of columns")
        order = np.argsort(header)
        attributes = {row[0]: np.array([each == "1" for each in row[1:]])[order] for row in rows}
        return tuple(sorted(header)), attributes

    def _read_partition(self):
        rows = self._rows(_PARTITION)
        partition = dict(rows[1:] if rows and rows[0][0] == _CSV_KEY else rows)
        if set(partition.values()) - {"0", "1", "2"}:
            raise ValueError("a partition is not 0, 1 or 2")
        return partition


class ByAttribute(Derived):
    """A data set of two classes: without and with an attribute of another data set.

    Args:
        source: a data set whose labels are attributes, (n, attributes).
        attribute: the name of one of them.
    """

    def __init__(self, source, attribute):
        super().__init__(source)
        self._attribute = attribute

    @property
    def label_names(self):
        return (f"not {self._attribute}", self._attribute)

    @property
    def cache_key(self):
        return f"{self._source.cache_key}-{self._attribute}"

    @property
    def _column(self):
        names = self._source.label_names
        if not names:
            raise UserError(
                f"--label={self._attribute}: there are no attributes: put "
                f"{' or '.join(_LISTS[_ATTRIBUTES])} into or next to --celeb_a_archive."
            )
        if self._attribute not in names:
            raise UserError(
                f"--label={self._attribute}: '{self.name}' has no such attribute"
                f"{suggest(self._attribute, names)}; it has: {', '.join(names)}."
            )
        return names.index(self._attribute)

    def batches(self):
        """Yields the other's batches, with "label" int64 0 or 1."""
        return self._with_classes(self._source.batches())

    def held_out(self):
        """Yields the same for held-out examples."""
        return self._with_classes(self._source.held_out())

    def _with_classes(self, batches):
        for batch in batches:
            column = self._column
            yield batch | {LABEL: batch[LABEL][:, column].astype(np.int64)}
