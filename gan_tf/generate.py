"""Samples from a trained run: `python -m gan_tf.generate --run_dir=runs/x`."""

import dataclasses

from gan_tf import flags
from gan_tf.errors import UserError
from gan_tf.options import check, option
from gan_tf.run_dir import RunDir

EXAMPLES = (
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=64 --seed=1",
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=10000 --format=npz --out=fakes.npz",
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to generate; every field is documented by its own text."""

    run_dir: str | None = option(
        None, "Options", "the folder of a training run (needed)", path=True
    )
    checkpoint: str = option("last", "Options", "last, best, or the step of a checkpoint")
    label: str | None = option(
        None,
        "Options",
        "the class, by name or number, where the run is conditional; default: as in the data",
    )
    num_images: int = option(64, "Options", "how many images", low=1)
    seed: int = option(
        0, "Options", "image k depends on the seed and k alone", low=0, high=2**31 - 1
    )
    format: str = option(
        "grid",
        "Options",
        "one PNG of all, a PNG each, or a NumPy archive with `images`, uint8 NHWC",
        choices=("grid", "png", "npz"),
    )
    out: str | None = option(
        None,
        "Options",
        "file, or for png folder; default: in the run's folder `generated`",
        path=True,
    )
    batch_size: int = option(100, "Options", "images computed at once", low=1, high=65536)


def main(argv):
    """Parses the command line and generates; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "Generates images with the generator of a training run.", EXAMPLES
    )
    check(options)
    if not options.run_dir:
        raise UserError("Name the folder of a training run with --run_dir=...")
    run = RunDir(options.run_dir)
    run.config()  # complains, where it must, before TensorFlow is imported
    with flags.quiet_import():
        from gan_tf import sampling
    out = sampling.write_images(run, options)
    print(f"{options.num_images:,} images of '{run.path}' with seed {options.seed}: {out}")
    return 0


if __name__ == "__main__":
    flags.run(main)
