"""CelebA: aligned faces of celebrities, by tensorflow-datasets or from an archive."""

import os
import pathlib
import zipfile
import zlib

import numpy as np
import tensorflow as tf

from gan_tf.data.examples import LABEL
from gan_tf.data.file_images import FileImages
from gan_tf.data.source import Derived
from gan_tf.data.tfds_images import TfdsImages, reason, resize
from gan_tf.errors import UserError, suggest
from gan_tf.registry import DATASETS

_FACE = 178  # the width of an aligned CelebA image; the crop is a square of it
_MOST_BYTES = 1 << 24  # a face has some 10,000
_ATTRIBUTES = "list_attr_celeba.txt"
_PARTITION = "list_eval_partition.txt"


@DATASETS.register("celeb_a")
class CelebA:
    """CelebA: 162,770 aligned faces, center-cropped, RGB, 40 attributes.

    Source: Liu et al., "Deep Learning Face Attributes in the Wild", 2015. For
    non-commercial research.

    Args:
        data_dir: as for the other tensorflow-datasets sources.
        celeb_a_archive: an `img_align_celeba.zip`, or the folder it unpacks to, instead
            of tensorflow-datasets, whose download from Google Drive often hits a quota.
            `list_attr_celeba.txt` and `list_eval_partition.txt` are read if they are next
            to it.
        image_size: height and width in pixels, default 64.
        label: an attribute, such as Smiling: the label is then whether a face has it.
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
    ):
        image_size = image_size or cls.default_image_size
        if celeb_a_archive:
            source = CelebAArchive(celeb_a_archive, image_size)
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

    def __init__(self, archive, image_size):
        super().__init__()
        self.path = pathlib.Path(archive)
        self.sample_shape = (image_size, image_size, CelebA.channels)
        self._decode = tf.function(
            lambda content: crop(tf.io.decode_jpeg(content, channels=3), image_size),
            input_signature=[tf.TensorSpec((), tf.string)],
        )
        self.zip = None
        if self.path.is_dir():
            self._files = {file.name: file for file in sorted(self.path.rglob("*.jpg"))}
        elif self.path.exists():
            try:
                self.zip = zipfile.ZipFile(self.path)
            except (zipfile.BadZipFile, OSError) as error:
                raise UserError(
                    f"'{archive}' is not a readable zip file ({error}): --celeb_a_archive takes "
                    "img_align_celeba.zip or the folder it unpacks to."
                ) from error
            self._files = {os.path.basename(name): name for name in sorted(self.zip.namelist())}
        else:
            raise UserError(f"There is no '{archive}': correct --celeb_a_archive.")
        # A zip made on macOS holds a ._ file for each.
        self._files = {
            name: file
            for name, file in self._files.items()
            if name.endswith(".jpg") and not name.startswith(".")
        }
        if not self._files:
            raise UserError(
                f"'{archive}' holds no .jpg file: --celeb_a_archive takes img_align_celeba.zip or "
                "the folder it unpacks to."
            )
        try:
            self.label_names, self._attributes = self._read_attributes()
            self._partition = self._read_partition()
        except (ValueError, IndexError) as error:
            raise UserError(
                f"A list next to '{archive}', {_ATTRIBUTES} or {_PARTITION}, is damaged ({error}): "
                "get it again, or remove it to train without it."
            ) from error

    @property
    def cache_key(self):
        images = [self.path] if self.zip else self._files.values()
        files = filter(None, (*images, self._list_file(_ATTRIBUTES), self._list_file(_PARTITION)))
        stats = [(str(file.resolve()), file.stat()) for file in files]
        facts = [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]
        return f"{facts}-{self.sample_shape}"

    def items(self):
        return [
            (name, self._attributes.get(name))
            for name in self._files
            if self._partition.get(name, "0") == "0"
            and (name in self._attributes or not self.label_names)
        ]

    def read(self, file):
        source = self._files[file]
        try:
            if self.zip and self.zip.getinfo(source).file_size > _MOST_BYTES:
                raise ValueError("it is too large for a CelebA image")
            content = self.zip.read(source) if self.zip else source.read_bytes()
            return self._decode(content).numpy()
        except tf.errors.OpError as error:
            raise ValueError(reason(error)) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError) as error:
            raise ValueError(str(error)) from error

    def _list_file(self, name):
        """The path of a list file inside the folder or next to the archive, or None."""
        paths = (self.path / name, self.path.parent / name)
        return next((path for path in paths if path.is_file()), None)

    def _lines(self, name):
        file = self._list_file(name)
        return file.read_text(encoding="utf-8").splitlines() if file else []

    def _read_attributes(self):
        lines = self._lines(_ATTRIBUTES)
        if not lines:
            return (), {}
        names = tuple(lines[1].split())
        order = np.argsort(names)
        rows = (line.split() for line in lines[2:] if line.strip())
        attributes = {row[0]: np.array([each == "1" for each in row[1:]])[order] for row in rows}
        return tuple(sorted(names)), attributes

    def _read_partition(self):
        return dict(line.split() for line in self._lines(_PARTITION) if line.strip())


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
        if self._attribute not in names:
            raise UserError(
                f"--label={self._attribute}: '{self.name}' has no such attribute"
                f"{suggest(self._attribute, names)}; it has: {', '.join(names) or 'none'}."
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
