"""The value of generated images for a classifier: `python -m experiments.augmentation`.

A small network is trained on a few labeled images of digits (10 per class), and additionally on
shifted copies or on a GAN's images. The GAN was trained on the same few images only or, in separate
rows, on far more than the classifier is given. Completed results, one line of JSON each, are
skipped, so that the program can be interrupted.
"""

import dataclasses
import pathlib

from experiments import rows
from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same

WAYS = {  # whether real images are shifted; the set of generated images
    "real images alone": (False, None),
    "shifts": (True, None),
    "GAN of the same images": (False, "few"),
    "shifts, GAN of the same images": (True, "few"),
    "shifts, GAN of the same images, filtered": (True, "few, filtered"),
    "shifts, GAN of 60,000 images without labels*": (True, "unlabeled"),
    "shifts, GAN of 60,000 images with labels**": (True, "labeled"),
}
NOTES = (
    "\\* semi-supervised: the GAN has seen all training images; its samples are labeled by the "
    "classifier of the row `shifts`.",
    "\\** privileged: the GAN has seen all training images and their labels, which a classifier could "
    "learn from instead.",
)
_FILE = pathlib.Path(__file__).parent / "results.jsonl"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    seeds: int = option(5, "Options", "choices of real images: seeds 1, 2, ...", low=1, high=100)
    images: int = option(100, "Options", "real images, as many of each class", low=10)
    generated: int = option(5000, "Options", "images of a GAN", low=10)
    steps: int = option(1000, "Options", "training steps of a classifier", low=1)
    gan_steps: int = option(1500, "Options", "training steps of the GANs of few images", low=1)
    large_gan_steps: int | None = option(
        None, "Options", "training steps of the others; default: three epochs", low=1
    )
    data_dir: str | None = same(Config, "data_dir", "Options")
    runs: str = option("runs/augmentation", "Options", "where runs and images are", path=True)
    out: str = option(str(_FILE), "Output", "the file of results, a JSON line each", path=True)
    table: bool = option(False, "Output", "print the table of the results there are, run nothing")
    picture: str | None = option(
        None,
        "Output",
        "PNG for seed 1: real images, then generated ones in the order of the table, a column a class",
        path=True,
    )


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "What generated images are worth to a classifier of few images."
    )
    check(options)
    if not options.table:
        done = {(row["way"], row["seed"], row["images"]) for row in rows.read(options.out)}
        missing = [
            (way, seed)
            for seed in range(
                1, options.seeds + 1
            )  # 0 has served to choose how the GANs are trained
            for way in WAYS
            if (way, seed, options.images) not in done
        ]
        if missing or options.picture:
            with flags.quiet_import():
                from experiments.augmentation.work import Work
            work = Work(options)
            for way, seed in missing:
                print(f"== {way}, seed {seed}", flush=True)
                shifts, name = WAYS[way]
                facts = {"way": way, "seed": seed, "images": options.images}
                try:
                    facts["accuracy"] = work.accuracy(seed, shifts, name)
                except UserError as error:  # a filter that no image of some class has passed
                    facts |= {"accuracy": None, "why": str(error)}
                    print(f"It could not be made: {error}", flush=True)
                rows.append(options.out, facts)
            if options.picture:
                work.draw(options.picture)
    print("\n".join(table(rows.read(options.out))))
    return 0


def table(found):
    """Returns the lines of a Markdown table of rows: mean and standard deviation over the seeds."""
    sizes = sorted({row["images"] for row in found})
    lines = [f"| learned from | {' | '.join(f'{each:,} real images' for each in sizes)} | seeds |"]
    lines += ["|" + "---|" * (len(sizes) + 2)]
    for way in WAYS:
        of_way = [row for row in found if row["way"] == way]
        values = [[row["accuracy"] for row in of_way if row["images"] == size] for size in sizes]
        cells = [_cell(each) for each in values]
        lines.append(f"| {way} | {' | '.join(cells)} | {max(map(len, values), default=0)} |")
    return [*lines, "", *NOTES]


def _cell(values):
    """The mean of the accuracies, and how many are missing."""
    there = [each for each in values if each is not None]
    missing = len(values) - len(there)
    texts = [rows.cell(there, "{:.1%}")] if there else []
    if missing:
        texts.append(f"{missing} of {len(values)} seeds could not be made")
    return "; ".join(texts)


if __name__ == "__main__":
    flags.run(main)
