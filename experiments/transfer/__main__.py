"""The value of transfer with few images: `python -m experiments.transfer`.

A DCGAN is trained on digits 5 to 9 from 100 images: from scratch, from the weights of one trained
on digits 0 to 4, and with the lowest levels of its discriminator frozen. Completed results, a line
of JSON per run and step, are skipped, so that the program can be interrupted.
"""

import dataclasses
import pathlib
import shlex

from experiments import rows
from gan_tf.files.atomic_write import write
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.option import check, option, same
from gan_tf.runs.run_dir import RunDir

_NETWORKS = "--dataset=mnist --arch=dcgan --width=32"
SOURCE = f"{_NETWORKS} --classes=0,1,2,3,4 --batch_size=64 --epochs=3"
TARGET = f"{_NETWORKS} --classes=5,6,7,8,9 --batch_size=50"
ARMS = {  # what follows --init_from
    "from scratch": None,
    "transfer": "",
    "transfer, 2 levels frozen": "--freeze_discriminator=2",
    "transfer, 3 levels frozen": "--freeze_discriminator=3",
}
_FILE = pathlib.Path(__file__).parent / "results.jsonl"


@dataclasses.dataclass(frozen=True)
class Options:
    """What to run; every field is documented by its own text."""

    seeds: int = option(5, "Options", "runs of each: seeds 0, 1, ...", low=1, high=100)
    images: int = option(100, "Options", "images of digits 5 to 9, the same in all runs", low=50)
    steps: int = option(900, "Options", "training steps, scored at each third", low=3)
    source_steps: int | None = option(
        None, "Options", "training steps on digits 0 to 4; default: three epochs", low=1
    )
    data_dir: str | None = same(Config, "data_dir", "Options")
    runs: str = option("runs/transfer", "Options", "where the runs are", path=True)
    out: str = option(str(_FILE), "Output", "the file of runs, a JSON line each", path=True)
    table: bool = option(False, "Output", "print the table of the runs there are, run nothing")
    picture: str | None = option(
        None, "Output", "PNG of samples of seed 0, a row for each way, below reals", path=True
    )


def main(argv):
    """Runs what is missing and prints the table; returns the exit status."""
    options, _ = flags.parse(Options, argv, "What transfer is worth when images are few.")
    check(options)
    if not options.table:
        done = {
            (row["way"], row["seed"], row["images"], row["step"]) for row in rows.read(options.out)
        }
        missing = [
            (way, seed)
            for seed in range(options.seeds)
            for way in ARMS
            if (way, seed, options.images, options.steps) not in done
        ]
        if missing or options.picture:
            _run(options, missing)
    print("\n".join(table(rows.read(options.out))))
    return 0


def table(found):
    """Returns the lines of a Markdown table of rows: mean and standard deviation over the seeds."""

    def key(row):
        return row["way"], row["step"]

    lines = []
    for images in sorted({row["images"] for row in found}):
        of_size = [row for row in found if row["images"] == images]
        steps = sorted({row["step"] for row in of_size})
        heads = [f"FID, step {step:,}" for step in steps]
        lines += [f"| {images:,} images | {' | '.join(heads)} | runs |"]
        lines += ["|" + "---|" * (len(steps) + 2)]
        for way in ARMS:
            of_way = [[row["fid"] for row in of_size if key(row) == (way, step)] for step in steps]
            cells = [rows.cell(values) if values else "" for values in of_way]
            lines.append(f"| {way} | {' | '.join(cells)} | {len(of_way[-1])} |")
    return lines


def _config(options, text, name, seed, **changes):
    """The resolved `Config` of some flags."""
    config, _ = flags.parse(Config, ["transfer", *shlex.split(text)], "")
    run_dir = f"{options.runs}/{name}"
    return dataclasses.replace(
        config, data_dir=options.data_dir, seed=seed, run_dir=run_dir, **changes
    ).resolve()


def _target(options, way, seed):
    text = TARGET
    if ARMS[way] is not None:
        text += f" --init_from={shlex.quote(options.runs + '/source')} {ARMS[way]}"
    name = way.replace(", ", "-").replace(" ", "_")
    return _config(
        options,
        text,
        f"{name}-{options.images}-{seed}",
        seed,
        max_images=options.images,
        steps=options.steps,
        checkpoint_every=f"{options.steps // 3}steps",
        sample_every=f"{options.steps}steps",
        keep=4,
    )


def _run(options, missing):
    """Trains and scores the missing runs; draws the image of samples."""
    with flags.quiet_import():
        from experiments.transfer.scoring import Scorer, picture
    if missing:
        source = _config(options, SOURCE, "source", 0, steps=options.source_steps)
        _train(source)
    scorer = Scorer(_target(options, "from scratch", 0))
    for way, seed in missing:
        print(f"== {way}, seed {seed}", flush=True)
        config = _target(options, way, seed)
        _train(config)
        done = {
            (row["way"], row["seed"], row["images"], row["step"]) for row in rows.read(options.out)
        }
        for step, scores in scorer.scores(RunDir(config.run_dir)):
            facts = {"way": way, "seed": seed, "images": options.images, "step": step}
            if tuple(facts.values()) not in done:
                rows.append(options.out, facts | scores)
    if options.picture:
        runs = [RunDir(_target(options, way, 0).run_dir) for way in ARMS]
        write(options.picture, picture(scorer, runs))


def _train(config):
    import keras

    from gan_tf.training import loop

    loop.train(config)
    keras.utils.clear_session()  # so that memory does not grow from run to run


if __name__ == "__main__":
    flags.run(main)
