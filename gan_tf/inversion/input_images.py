"""The images that a command works on."""

import dataclasses

import numpy as np

from gan_tf.data import cache, given_images
from gan_tf.data.examples import LABEL, collect
from gan_tf.errors import UserError
from gan_tf.messages import show
from gan_tf.modalities.image import Image
from gan_tf.runs.trained_run import TrainedRun


@dataclasses.dataclass(frozen=True)
class Pictures:
    """Images to be inverted, scored or restored.

    Attributes:
        pixels: uint8 (n, H, W, C).
        names: n strings: their files, or indices in the data set.
        labels: int64 (n,), the classes in the data set; None if unknown.
    """

    pixels: np.ndarray
    names: tuple
    labels: np.ndarray | None

    @property
    def floats(self):
        """The pixels as float32 in [-1, 1]."""
        return Image().to_network(self.pixels)


def open_run(run, options):
    """Opens a run, and reads the images that options name.

    Args:
        run: the `RunDir`.
        options: `SearchOptions`.

    Returns:
        The `TrainedRun`, `Pictures`, and the classes to try for each (see `classes`).

    Raises:
        UserError: when the run or the images cannot be used.
    """
    trained = TrainedRun(run, options.checkpoint)
    given = read(trained, options)
    return trained, given, classes(trained, given, options)


def read(trained, options):
    """Reads the images that options name: given ones, or the run's own.

    Args:
        trained: a `TrainedRun`.
        options: `SearchOptions`.

    Raises:
        UserError: when they do not exist, or none can be read.
    """
    return _from_data_set(trained, options) if options.dataset else _given(trained, options)


def classes(trained, pictures, options):
    """Returns the classes to try for each image, int (n, k).

    One if --label, subfolders or the data set give it, else all; class 0 if the run is not
    conditional.

    Raises:
        UserError: when --label is not a class.
    """
    count = len(pictures.pixels)
    if not trained.conditional:
        return np.zeros((count, 1), np.int64)
    if options.label is not None:
        return trained.choose_labels(0, range(count), options.label)[:, None]
    if pictures.labels is not None:
        return pictures.labels[:, None]
    return np.tile(np.arange(len(trained.label_names)), (count, 1))


def _given(trained, options):
    crop = trained.config.crop or "center"
    source = given_images.open_images(
        options.images, trained.sample_shape, crop, options.archive_mb
    )
    found = collect(source.batches(), options.num_images)
    if not found:
        raise cache.nothing(source)
    given_images.report(source, source.skipped)
    names = [file for file, _ in source.read_items()][: len(found["image"])]
    labels = given_images.classes_of(source, found.get(LABEL), trained.label_names)
    if trained.conditional and LABEL in found and labels is None and options.label is None:
        others = given_images.other_classes(source, "the run", trained.label_names)
        show(f"{others}, so every class is tried: correct them, or give --label.")
    return Pictures(found["image"], tuple(names), labels)


def _from_data_set(trained, options):
    _, source = trained.source(**options.location())
    found = collect(source.held_out(), options.num_images)
    if not found:
        show(f"{source.name} has no held-out images: the run was trained on these.")
        found = collect(source.batches(), options.num_images)
    pixels = found[source.sample]
    if pixels.shape[1:] != trained.sample_shape:
        raise UserError(
            f"The images of '{source.name}' are {pixels.shape[1:]} and those of the run in "
            f"'{trained.run.path}' {trained.sample_shape}: its data set has changed."
        )
    labels = found.get(LABEL)
    labels = None if labels is None or labels.ndim > 1 else labels.astype(np.int64)
    names = tuple(f"{source.name}-{index:06d}" for index in range(len(pixels)))
    return Pictures(pixels, names, labels)
