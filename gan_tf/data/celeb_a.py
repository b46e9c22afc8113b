"""CelebA: aligned faces of celebrities, by tensorflow-datasets or from an archive."""

import csv
import hashlib
import os
import pathlib

import numpy as np
import tensorflow as tf

from gan_tf.data.celeb_a_lists import face_name, read_attributes, read_partition
from gan_tf.data.examples import LABEL
from gan_tf.data.file_images import FileImages
from gan_tf.data.file_tree import FolderTree, ZipTree
from gan_tf.data.source import Derived
from gan_tf.data.tfds_images import TfdsImages, reason, resize
from gan_tf.errors import UserError, suggest
from gan_tf.registry import DATASETS

_FACE = 178  # the width of an aligned CelebA image; the crop is a square of it
_MOST_BYTES = 1 << 24  # a face has some 10,000
_HEIGHT = 218
_FLAG = "--celeb_a_archive"
_ATTRIBUTES = "list_attr_celeba"
_PARTITION = "list_eval_partition"
_LISTS = {name: (f"{name}.txt", f"{name}.csv") for name in (_ATTRIBUTES, _PARTITION)}
_TRAINING, _TEST = "0", "2"  # partitions; "1" is for validation
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
            lambda content: crop(tf.io.decode_jpeg(content, channels=3), image_size),
            input_signature=[tf.TensorSpec((), tf.string)],
        )
        if not self.path.exists():
            raise UserError(f"There is no '{archive}': correct {_FLAG}.")
        if self.path.is_dir():
            self._tree = FolderTree(archive)
        else:
            self._tree = ZipTree(archive, _FLAG, archive_mb << 20)
        found = self._tree.files()
        self.left_out += self._tree.left_out
        faces = [file for file in found if face_name(file)]
        # The photos that the faces are cut from have the same names.
        aligned = [file for file in faces if _ALIGNED in pathlib.PurePath(file).parts[:-1]]
        self._files = {face_name(file): file for file in aligned or faces}
        if not self._files:
            raise UserError(
                f"'{archive}' holds no .jpg file: {_FLAG} takes img_align_celeba.zip or the folder "
                "it unpacks to."
            )
        self._lists = {name: self._find_list(name, found) for name in _LISTS}
        self.label_names, self._attributes = self._read(_ATTRIBUTES, read_attributes) or ((), {})
        self._partition = self._read(_PARTITION, read_partition) or {}
        self.notes = []
        if not self._partition:
            self.notes.append(
                f"There is no {' or '.join(_LISTS[_PARTITION])} in or next to '{archive}', so all "
                f"{len(self._files):,} images are used, including those for validation and tests."
            )
        self._items = self._training_items()

    @property
    def cache_key(self):
        lists = [
            (file, tree.fingerprint(file)) for tree, file in filter(None, self._lists.values())
        ]
        facts = (lists, self.path.stat().st_mtime_ns, self.sample_shape, self.label_names)
        digest = hashlib.sha256(f"{facts}".encode())
        for name, _ in self._items:
            file = self._files[name]
            fingerprint = self._tree.fingerprint(file)
            digest.update(f"{file}\0{fingerprint}\n".encode(errors="replace"))
        return f"{os.path.realpath(self.path)} {digest.hexdigest()}"

    def hold_out(self):
        """Holds out the test partition; without the list, some of the faces."""
        self._held_out = [
            (name, self._attributes.get(name))
            for name in self._files
            if self._partition.get(name) == _TEST
            and (name in self._attributes or not self._attributes)
        ]
        super().hold_out()

    def _training_items(self):
        """[(name, attributes or None)]; fills `left_out` with faces that a list does not name."""
        items = []
        for name in self._files:
            if self._partition.get(name, _TRAINING) != _TRAINING:
                continue
            lists = {_PARTITION: self._partition, _ATTRIBUTES: self._attributes}
            missing = [each for each, known in lists.items() if known and name not in known]
            if missing:
                self.left_out.append((name, f"it is not in {missing[0]}"))
            else:
                items.append((name, self._attributes.get(name)))
        return items

    def size(self, file):
        return self._tree.size(self._files[file])

    def open(self, file):
        return self._tree.open(self._files[file])

    def read(self, file):
        if (self.size(file) or 0) > _MOST_BYTES:
            raise ValueError("it is too large for a face of CelebA")
        with self.open(file) as opened:
            content = opened.read()
        try:
            height, width, _ = tf.io.extract_jpeg_shape(content).numpy()
            if (width, height) != (_FACE, _HEIGHT):  # its center would not be a face
                raise ValueError(
                    f"it has {width}x{height} pixels, and aligned faces {_FACE}x{_HEIGHT}: "
                    "--dataset=image_folder takes any"
                )
            return self._decode(content).numpy()
        except tf.errors.OpError as error:
            raise ValueError(reason(error)) from error

    def _find_list(self, name, found):
        """The tree and the file of a list, or None; `found` are the files in the archive."""
        inside = [file for file in found if os.path.basename(file) in _LISTS[name]]
        if inside:
            return self._tree, inside[0]
        # Next to the archive, where Kaggle's archive unpacks, and where the authors' folders are.
        above = [self.path.parent, self.path.parent.parent]
        folders = [folder / below for folder in above for below in ("", "Anno", "Eval")]
        beside = [(folder, file) for folder in folders for file in _LISTS[name]]
        for folder, file in beside:
            if (folder / file).is_file():
                return FolderTree(folder), file
        return None

    def _read(self, name, reader):
        """What a list holds; None if there is none."""
        if self._lists[name] is None:
            return None
        tree, file = self._lists[name]
        try:
            with tree.open(file) as opened:
                return reader(opened.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            problem, cause = "it is not a text in UTF-8", error
        except (OSError, ValueError, csv.Error) as error:
            problem, cause = str(error), error
        raise UserError(
            f"The list '{file}' in or next to '{self.path}' is damaged ({problem}): get it again, or "
            "remove it to train without it."
        ) from cause


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

    def changed(self, batch):
        """Returns the batch with "label" int64 0 or 1."""
        column = self._column  # first, since it says what is missing
        return batch | {LABEL: batch[LABEL][:, column].astype(np.int64)}
