"""Images from a TensorFlow Datasets builder."""

import contextlib
import hashlib
import os
import pathlib
import random
import re
import socket
import sys
import urllib.request

import tensorflow as tf
import tensorflow_datasets as tfds

from gan_tf.data.examples import LABEL
from gan_tf.data.source import Source
from gan_tf.errors import UserError, write_error
from gan_tf.files.file_lock import exclusive
from gan_tf.messages import show

_DAMAGE = (  # raised on reading a damaged, truncated or missing file
    tf.errors.DataLossError,
    tf.errors.FailedPreconditionError,
    tf.errors.InvalidArgumentError,
    tf.errors.NotFoundError,
)


class TfdsImages(Source):
    """The training split of a labeled tensorflow-datasets data set.

    Subclasses set `name`, `default_image_size`, `channels`, `published_images` (their
    number) and `download_host`.

    Args:
        data_dir: the directory of tensorflow-datasets; default: the environment variable
            `TFDS_DATA_DIR`, else tensorflow-datasets' own default.
        image_size: height and width in pixels; default: the data set's own.
    """

    default_image_size = None
    channels = None
    published_images = None
    download_host = None
    making = "downloading"
    label_key = "label"

    def __init__(self, data_dir: str | None = None, image_size: int | None = None):
        self.data_dir = data_dir
        self.image_size = image_size or self.default_image_size
        self.sample_shape = (self.image_size, self.image_size, self.channels)
        self.skipped = []
        try:
            self.builder = self.make_builder()
            _ = self.num_examples, self.label_names
        except (UserError, ImportError):
            raise
        except Exception as error:  # damaged metadata raise anything
            raise UserError(
                f"The data set '{self.name}' in '{data_dir or 'TFDS_DATA_DIR'}' is damaged "
                f"({' '.join(str(error).split())[:120]}): delete its folder and run again."
            ) from error

    def make_builder(self):
        """Returns the `tfds.core.DatasetBuilder`; nothing is downloaded yet."""
        if self.data_dir and not os.path.isdir(self.data_dir):
            raise UserError(
                f"There is no directory '{self.data_dir}': correct --data_dir, or create it."
            )
        return tfds.builder(self.name, data_dir=self.data_dir)

    @property
    def num_examples(self):
        """Images of the training split: as prepared, or else as published."""
        splits = self.builder.info.splits
        return splits["train"].num_examples if "train" in splits else self.published_images

    @property
    def label_names(self):
        return tuple(self.builder.info.features[self.label_key].names)

    @property
    def cache_key(self):
        home = self.builder.data_path
        files = sorted(os.scandir(home), key=lambda each: each.name) if os.path.isdir(home) else ()
        facts = [(each.name, each.stat().st_size, each.stat().st_mtime_ns) for each in files]
        name = self.builder.info.full_name
        return f"{home}-{name}-{self.num_examples}-{self.sample_shape}-{facts}"

    def content(self, skipped=(), classes=None):
        """Returns the name and version with the number and order of the stored examples."""
        info = self.builder.info
        stored = f"{info.splits['train'].num_bytes} {info.splits['train'].shard_lengths}"
        return f"{info.full_name} {hashlib.sha256(stored.encode()).hexdigest()}"

    def prepare(self):
        """Downloads and prepares the data set unless that has been done.

        Raises:
            UserError: when it is not on disk and cannot be downloaded.
        """
        if self.builder.info.splits:
            return
        version = pathlib.Path(self.builder.data_dir)
        root = version.parents[self.builder.info.full_name.count("/")]
        waiting = f"{self.name}: another process is making '{version}'; waiting for it."
        try:
            self._check_network()
            with exclusive(root / f".{self.name}.lock", waiting):
                if self._is_there():
                    return
                show(f"{self.name}: not in '{version}' yet; {self.making}.")
                if not sys.stderr.isatty():
                    tfds.disable_progress_bar()
                with _unlike_others():
                    self.make_examples()
        except Exception as error:  # tfds raises many kinds; all mean that there are no data
            if self._is_there():
                return
            disk = write_error(error, self.builder.data_dir)
            raise disk or UserError(self._unavailable(error)) from error

    def _is_there(self):
        """Whether the data set is on disk, also if another process has put it there meanwhile."""
        self.builder = self.make_builder()
        return bool(self.builder.info.splits)

    def make_examples(self):
        """Downloads the data set and stores it in `data_dir`."""
        self.builder.download_and_prepare()

    def _check_network(self):
        """Fails at once without a network; tensorflow-datasets would retry for minutes."""
        if self.download_host and not urllib.request.getproxies():
            socket.getaddrinfo(self.download_host, 443)

    def _unavailable(self, error):
        reason = " ".join(str(error).split())[:200]
        return (
            f"The data set '{self.name}' is not in '{self.builder.data_dir}' and could not be "
            f"downloaded ({type(error).__name__}: {reason}): set TFDS_DATA_DIR or --data_dir to a "
            "folder that has it, or train on --dataset=glyphs, which needs no download, or on your "
            "own images with --dataset=image_folder --image_dir=..." + self.remedy()
        )

    def remedy(self):
        """Returns further advice for when the download fails; "" for none."""
        return ""

    def preprocess(self, image):
        """Crops and resizes one decoded image: uint8 (h, w, channels) -> uint8 `sample_shape`."""
        return resize(image, self.image_size)

    def batches(self, split="train"):
        """Yields {"image": uint8, "label": int64}, 512 at a time, in the order on disk."""
        self.prepare()
        try:
            dataset = self.builder.as_dataset(split=split, shuffle_files=False)
        except (AssertionError, ValueError, KeyError, OSError) as error:  # damaged metadata
            raise self._damaged(" ".join(str(error).split())) from error
        dataset = dataset.map(
            lambda example: {
                "image": self.preprocess(example["image"]),
                LABEL: self.labels(example),
            },
            num_parallel_calls=tf.data.AUTOTUNE,
        )
        try:
            yield from dataset.batch(512).prefetch(2).as_numpy_iterator()
        except _DAMAGE as error:
            raise self._damaged(reason(error)) from error

    def _damaged(self, why):
        return UserError(
            f"The data set '{self.name}' in '{self.builder.data_dir}' is damaged ({why[:120]}): "
            "delete that folder and run again."
        )

    def held_out(self):
        """Yields batches of the test split, if there is one."""
        self.prepare()
        if "test" in self.builder.info.splits:
            yield from self.batches("test")

    def labels(self, example):
        """Returns the labels of one example: a class index, or a vector of attributes."""
        return example[self.label_key]


@contextlib.contextmanager
def _unlike_others():
    """Lets tfds draw names of temporary folders that no other run with this seed draws."""
    state = random.getstate()
    random.seed()
    try:
        yield
    finally:
        random.setstate(state)


def reason(error):
    """Returns the first line of a TensorFlow error, without the names of its functions."""
    return re.sub(r"\{\{.*?\}\}\s*", "", error.message.splitlines()[0])


def resize(image, size):
    """Resizes a square uint8 image to (size, size), antialiased; unchanged if it has that size."""
    if image.shape[:2] == (size, size):
        return image
    resized = tf.image.resize(image, (size, size), antialias=True)
    return tf.cast(tf.round(tf.clip_by_value(resized, 0, 255)), tf.uint8)
