"""Makes a labeled data set of samples: `python -m gan_tf.augment --run_dir=runs/x --out=fakes`."""

import dataclasses
import pathlib

from gan_tf.errors import UserError
from gan_tf.messages import show
from gan_tf.options import flags
from gan_tf.options.compatibility import check_command
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import check, check_paths, option
from gan_tf.options.run_choice import RunChoice
from gan_tf.registry import REJECTIONS
from gan_tf.runs import choices
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling import acceptance, amount, own_classifier
from gan_tf.sampling.amount import LARGE

EXAMPLES = (
    "python -m gan_tf.augment --run_dir=runs/conditional --num_images=5000 --out=fakes",
    "python -m gan_tf.augment --run_dir=runs/mnist --classifier=auto --reject=drs --out=fakes",
    "python -m gan_tf.main --dataset=image_folder --image_dir=fakes",
)


@dataclasses.dataclass(frozen=True)
class Options(DataLocation, RunChoice):
    """What to generate; the help text of each field documents it."""

    headings = {"Data": "Real images, for --reject=drs"}

    modalities = ("image",)

    run_dir: str | None = option(
        None, "Run", "the folder of a training run on labeled data (needed)", path=True
    )

    num_images: int = option(1000, "Options", "images to make, of all classes together", low=1)
    balance: bool = option(
        False, "Options", "make the same number of images of each class; default: as in the data"
    )
    seed: int = option(0, "Options", "seed of the latents", low=0, high=2**31 - 1)

    reject: str | None = option(
        None,
        "Quality",
        "keep the images that the discriminator accepts; default: all",
        registry=REJECTIONS,
    )
    classifier: str | None = option(
        None,
        "Quality",
        "keep the images that this classifier assigns to their class; it labels them if the run is "
        "not conditional: a .keras file (images in [-1, 1] to one output per class), or auto: that of "
        "the data set, or the discriminator",
        path=True,
    )
    confidence: float = option(
        0.9, "Quality", "minimum probability that the classifier must give", low=0, high=1
    )

    out: str | None = option(
        None, "Output", "the folder to make (needed)", path=True, writes="directory"
    )
    large: bool = LARGE
    format: str = option(
        "folder",
        "Output",
        "folder: one PNG each, in one folder per class, for --dataset=image_folder; tfrecord: for "
        "tfds.builder_from_directory",
        choices=("folder", "tfrecord"),
    )


def main(argv):
    """Parses the command line and writes the data set; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "Makes a labeled data set of generated images.", EXAMPLES
    )
    check(options)
    options.check_run_dir()
    if not options.out:
        raise UserError("Name the folder to make with --out=...")
    out, run = pathlib.Path(options.out), RunDir(options.run_dir)
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise UserError(f"'{out}' already exists: choose another --out, or delete it.")
    config = run.config()
    check_command(config, "augment", options.modalities)
    facts = run.read_data()
    if "label_counts" not in facts:
        raise UserError(
            f"The run in '{run.path}' was trained on images without classes: choose one on a labeled "
            "data set (of celeb_a, with --label=...)."
        )
    if not (config.conditional or options.classifier):
        raise UserError(
            f"The run in '{run.path}' is not conditional, so its images need a classifier to label "
            "them: give --classifier=auto, or a .keras file."
        )
    if options.reject:
        acceptance.check(run, options.reject, options.location())
    if options.classifier not in (None, "auto") and not pathlib.Path(options.classifier).is_file():
        raise UserError(
            f"--classifier={options.classifier}: there is no such file; give a .keras file, or auto."
        )
    if options.classifier == "auto":
        own_classifier.check(config)
    choices.check(run, options.checkpoint)
    check_paths(options)
    bytes_each = config.modality().num_bytes(facts["sample_shape"])
    amount.check(options.num_images, bytes_each, "images", out.parent, options.large)
    with flags.quiet_import():
        from gan_tf.sampling import labeled_data_set
    show(labeled_data_set.write_data_set(run, options))
    return 0


if __name__ == "__main__":
    flags.run(main)
