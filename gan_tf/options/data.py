"""Which data a run trains on, or is compared with."""

import csv
import dataclasses

from gan_tf.errors import UserError
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import option
from gan_tf.registry import DATASETS, DEGRADATIONS


@dataclasses.dataclass(frozen=True)
class DataSet:
    """A data set, how its images are read, and which part of it is used."""

    dataset: str = option("mnist", "Data", "the data to train on", registry=DATASETS)
    image_size: int | None = option(
        None, "Data", "height and width in pixels; default: the data set's own", low=4, high=1024
    )
    crop: str | None = option(
        None,
        "Data",
        "how images of image_folder, paired_folder, unpaired_folders and video_folder become square; "
        "default: center",
        choices=("center", "top", "pad", "stretch"),
    )
    color_mode: str | None = option(
        None,
        "Data",
        "colors of image_folder, unpaired_folders and video_folder, default: rgb; of both sides of "
        "paired_folder, default: those of the files",
        choices=("rgb", "grayscale"),
    )
    direction: str | None = option(
        None,
        "Data",
        "which side of paired_folder is translated to the other; default: a_to_b",
        choices=("a_to_b", "b_to_a"),
    )
    charset: str | None = option(
        None,
        "Data",
        "characters of fonts: latin (default), gb2312, big5, jis, a text file, or the characters",
        path="existing",
    )
    hold_out: str | None = option(
        None,
        "Data",
        "what of fonts is not trained on: whole characters, pairs of a character and a font, or none; "
        "default: characters",
        choices=("characters", "pairs", "none"),
    )
    tokens: str | None = option(
        None,
        "Data",
        "what a line of text_file consists of; default: word",
        choices=("word", "character"),
    )
    vocabulary: int | None = option(
        None, "Data", "the most different tokens of text_file; default: 5000", low=2, high=100_000
    )
    alphabet: str | None = option(
        None,
        "Data",
        "the letters of fasta_file; default: those that fit best",
        choices=("dna", "rna", "protein"),
    )
    length: int | None = option(
        None,
        "Data",
        "tokens of an example of text_file or fasta_file, at most 4096: longer ones are left out; default: "
        "those of the longest, but at most 64. Samples of a clip of sound, at most 262144: shorter ones "
        "are padded, longer ones cut; default: by the data set",
        low=1,
        high=1 << 18,
    )
    sample_rate: int | None = option(
        None,
        "Data",
        "sample rate of sound in Hz; default: by the data set",
        low=1000,
        high=192_000,
    )
    frames: int | None = option(
        None, "Data", "frames of a video; default: by the data set", low=2, high=512
    )
    frame_step: int | None = option(
        None, "Data", "use every k-th frame of a video; default: 1", low=1, high=1000
    )
    digits: int | None = option(
        None,
        "Data",
        "how many digits move in moving_glyphs and moving_mnist; default: 1",
        low=1,
        high=4,
    )
    classes: str | None = option(
        None,
        "Data",
        "use only these classes, by name or index, such as 5,6,7; default: all. A name with a comma is "
        'quoted: "cats, dogs",birds',
    )
    leave_out: str | None = option(
        None, "Data", "leave out these classes, by name or index, such as 3; default: none"
    )
    max_images: int | None = option(
        None,
        "Data",
        "the most images to use: a random subset, the same for every --seed",
        low=1,
    )
    pair_by: str | None = option(
        None,
        "Data",
        "make pairs of each image and a degraded copy, the source, for kinds of GAN that translate",
        registry=DEGRADATIONS,
    )
    to_dataset: str | None = option(
        None,
        "Data",
        "the data of domain B, for translation between domains; --dataset is domain A",
        registry=DATASETS,
    )
    domains: str | None = option(
        None,
        "Data",
        'two classes of --dataset that are domains A and B, written as --classes: "cat,dog"',
    )


def class_list(flag, text):
    """Returns the list of classes, names or indices, that a flag's value holds.

    Args:
        flag: the flag's name, for messages.
        text: its value: separated by commas, quoted as in a CSV file: '"cats, dogs",birds'.

    Raises:
        UserError: when it is malformed, or one is empty.
    """
    try:
        rows = list(csv.reader([text], skipinitialspace=True, strict=True))
    except csv.Error:
        rows = []
    if len(rows) != 1 or not rows[0] or not all(each.strip() for each in rows[0]):
        raise UserError(
            f"--{flag}={text}: write names or indices of classes, such as --{flag}=5,6,7; put a name "
            "with a comma in double quotes."
        )
    return rows[0]


@dataclasses.dataclass(frozen=True)
class DataOptions(DataLocation, DataSet):
    """The data of a training run."""

    label: str | None = option(
        None, "Data", "make two classes of an attribute of celeb_a, such as Smiling"
    )
    flip: bool = option(
        False, "Data", "mirror images left to right at random (for faces, not for digits)"
    )

    jitter: float = option(
        0.0,
        "Data",
        "enlarge each image by this fraction and crop it at random, source and target alike; pix2pix: 0.12",
        low=0,
        high=1,
    )

    def examples_key(self):
        """Returns a key of the examples, equal for runs on the same ones."""
        irrelevant = ("flip", "jitter", "archive_mb", "cache_mb", "cache_dir")
        names = [field.name for field in dataclasses.fields(DataOptions)]
        return tuple(getattr(self, name) for name in names if name not in irrelevant)
