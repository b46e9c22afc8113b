"""Labeled data sets of generated images: selection and writing."""

import contextlib
import dataclasses
import io
import json
import os
import pathlib
import shutil
import tempfile

import numpy as np
import tensorflow_datasets as tfds

from gan_tf import __version__
from gan_tf.errors import UserError, writing
from gan_tf.files.atomic_write import write
from gan_tf.messages import progress_bar
from gan_tf.modalities import image as images
from gan_tf.runs.trained_run import TrainedRun
from gan_tf.sampling.classifiers import classifier
from gan_tf.sampling.ensemble import Ensemble
from gan_tf.sampling.rejection_sampler import RejectionSampler

_MAX_MISSES = 20_000  # images in a row without a kept one, after which it fails


@dataclasses.dataclass
class Tally:
    """How many images were proposed, and why those not kept were discarded.

    Attributes:
        proposed: how many were generated.
        rejected: by the discriminator.
        other_class: classified as another class, or one that the run does not have.
        unsure: classified with too low a confidence.
        surplus: of a class that was already complete.
    """

    proposed: int = 0
    rejected: int = 0
    other_class: int = 0
    unsure: int = 0
    surplus: int = 0

    def sentence(self, kept):
        """Returns the counts in a sentence."""
        discarded = {
            "rejected by the discriminator": self.rejected,
            "classified as another class": self.other_class,
            "classified with low confidence": self.unsure,
            "of classes already complete": self.surplus,
        }
        listed = "; ".join(f"{count:,} {reason}" for reason, count in discarded.items() if count)
        suffix = f"; discarded: {listed}" if listed else ""
        return f"{kept:,} of {self.proposed:,} generated images{suffix}."


def quotas(count, label_counts, balance=False):
    """Returns how many images to make of each class, int64 (classes,).

    Args:
        count: the total.
        label_counts: ints, how many samples of each class the data have.
        balance: whether to make equally many of each class, up to one more of the first ones;
            otherwise in proportion to the data, rounded by largest remainders.
    """
    frequencies = np.ones(len(label_counts)) if balance else np.asarray(label_counts, float)
    exact = count * frequencies / frequencies.sum()
    rounded = np.floor(exact + 1e-9).astype(np.int64)
    rest = np.argsort(rounded - exact, kind="stable")[: count - rounded.sum()]
    rounded[rest] += 1
    return rounded


def select(batches, counts, classify=None, confidence=0.9, tally=None):
    """Yields images of a stream until there are enough of each class.

    Args:
        batches: yields uint8 images (n, H, W, C), and their classes (n,), or None.
        counts: int (classes,): how many to keep of each.
        classify: see `gan_tf.sampling.classifiers`; None: the given classes are trusted.
        confidence: the minimum probability of the class.
        tally: a `Tally` to which discarded images are added.

    Yields:
        uint8 (n, H, W, C) and int64 (n,).

    Raises:
        UserError: when 20,000 images in a row are discarded.
    """
    tally = tally or Tally()
    missing, misses = np.array(counts), 0
    while missing.sum():
        pixels, labels = next(batches)
        good = np.ones(len(pixels), bool)
        if classify:
            found, confidences = classify(pixels)
            labels = found if labels is None else labels
            good = (found == labels) & (labels >= 0)
            tally.other_class += int((~good).sum())
            tally.unsure += int((good & (confidences < confidence)).sum())
            good &= confidences >= confidence
        # The k-th good image of a class, from 0, is kept if more than k are missing.
        rank = np.zeros(len(pixels), np.int64)
        for each in np.unique(labels[good]):
            of_class = good & (labels == each)
            rank[of_class] = np.arange(of_class.sum())
        kept = good & (rank < np.where(good, missing[labels], 0))
        tally.surplus += int((good & ~kept).sum())
        missing -= np.bincount(labels[kept], minlength=len(missing))
        misses = 0 if kept.any() else misses + len(pixels)
        if misses >= _MAX_MISSES:
            raise UserError(
                f"None of {misses:,} images in a row was kept, and {np.count_nonzero(missing)} classes are "
                "incomplete: give a lower --confidence, leave out --balance or --reject, or train "
                "for longer."
            )
        if kept.any():
            yield pixels[kept], labels[kept]


def write_data_set(run, options):
    """Generates and writes the data set that the options of `gan_tf.augment` describe.

    Returns:
        Sentences that say what was done.

    Raises:
        UserError: when the run, the classifier or the output folder cannot be used.
    """
    trained = TrainedRun(run, options.checkpoint)
    classify = options.classifier and classifier(options.classifier, trained, **options.location())
    ensemble = Ensemble([trained])
    stream = (
        RejectionSampler(ensemble, options.reject, **options.location())
        if options.reject
        else ensemble
    )
    counts = quotas(options.num_images, run.read_data()["label_counts"], options.balance)
    tally = Tally()

    def proposals():
        for made in stream.stream(options.seed):
            tally.proposed += len(made)
            yield made.samples, made.columns.get("label")

    chosen = select(proposals(), counts, classify, options.confidence, tally)
    out = pathlib.Path(options.out)
    with (
        _replacing(out) as folder,
        progress_bar(total=options.num_images, unit=" images") as bar,
    ):

        def counted():
            for batch in chosen:
                yield batch
                bar.update(len(batch[0]))

        LAYOUTS[options.format](folder, counted(), trained.sample_shape, trained.label_names)
        if options.reject:
            tally.proposed, tally.rejected = stream.proposed, stream.proposed - stream.accepted
        about = {
            "generated_by": f"gan_tf {__version__}, {run.path}, step {trained.step}",
            **{name: getattr(options, name) for name in ("seed", "reject", "classifier")},
            "confidence": options.confidence if options.classifier else None,
            "images": dict(zip(trained.label_names, counts.tolist())),
            "thrown_away": {key: n for key, n in vars(tally).items() if key != "proposed"},
        }
        write(folder / "about.json", (json.dumps(about, indent=1) + "\n").encode())
    notes = stream.notes if options.reject else []
    return "\n".join([*notes, tally.sentence(options.num_images), f"Data set: {out}"])


def write_folders(folder, batches, image_shape, label_names):
    """Writes PNGs, in one folder per class, as `--dataset=image_folder` reads them.

    Args:
        folder: where to write.
        batches: yields uint8 (n, H, W, C) and int (n,).
        image_shape: of each image.
        label_names: the names of the classes.
    """
    del image_shape
    names, counts = [_folder_name(each) for each in label_names], [0] * len(label_names)
    for name in names:
        (folder / name).mkdir()
    for pixels, labels in batches:
        for image, label in zip(pixels, labels):
            (folder / names[label] / f"{counts[label]:06d}.png").write_bytes(images.png(image))
            counts[label] += 1


def write_records(folder, batches, image_shape, label_names):
    """Writes a split "train" for `tfds.builder_from_directory`; arguments as above.

    Examples have an `image` and a `label`, a `tfds.features.ClassLabel`.
    """

    def examples():
        number = 0
        for pixels, labels in batches:
            for image, label in zip(pixels, labels):
                yield number, {"image": image, "label": int(label)}
                number += 1

    tfds.disable_progress_bar()  # there is already one of ours
    with contextlib.redirect_stdout(io.StringIO()):  # it says that it downloads
        builder = _store(folder, examples(), image_shape, label_names)
    for file in pathlib.Path(builder.data_dir).iterdir():
        file.rename(folder / file.name)
    shutil.rmtree(folder / ".tfds")


def _store(folder, examples, image_shape, label_names):
    return tfds.dataset_builders.store_as_tfds_dataset(
        name="generated",
        version="1.0.0",
        features=tfds.features.FeaturesDict(
            {
                "image": tfds.features.Image(shape=image_shape, encoding_format="png"),
                "label": tfds.features.ClassLabel(names=list(label_names)),
            }
        ),
        split_datasets={"train": examples},
        data_dir=folder / ".tfds",
        description="Images generated by a neural network; see about.json.",
    )


LAYOUTS = {"folder": write_folders, "tfrecord": write_records}


def _folder_name(label):
    """A folder name for a class, without slashes ("T-shirt/top") or a leading dot."""
    name = label.replace(os.sep, "-")
    return f"_{name}" if name.startswith(".") else name


@contextlib.contextmanager
def _replacing(out):
    """A new folder that replaces `out` on success."""
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        folder = pathlib.Path(tempfile.mkdtemp(prefix=".writing-", dir=out.parent))
        try:
            yield folder
            folder.chmod(0o755)
            os.replace(folder, out)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
