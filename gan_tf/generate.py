"""Samples from trained runs: `python -m gan_tf.generate --run_dir=runs/x`."""

import dataclasses

from gan_tf.options import flags
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import option
from gan_tf.options.run_choice import RunChoice
from gan_tf.options.sampling import SamplingOptions
from gan_tf.options.traversal import TraversalOptions
from gan_tf.registry import FORMATS
from gan_tf.sampling.amount import LARGE
from gan_tf.sampling.request import read_request

EXAMPLES = (
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=64 --seed=1",
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=10000 --format=npz --out=fakes.npz",
    "python -m gan_tf.generate --run_dir=runs/demo --seeds=3,7,20-25 --format=png",
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=64 --reject=drs",
    "python -m gan_tf.generate --run_dir=runs/demo --interpolate=slerp --seeds=3,7,3 --format=gif",
    "python -m gan_tf.generate --run_dir=runs/demo --walk=7 --frames=20",
    "python -m gan_tf.generate --run_dir=runs/conditional --sweep=8",
    'python -m gan_tf.generate --run_dir=runs/faces --arithmetic="Smiling - Male"',
    "python -m gan_tf.generate --run_dir=runs/styles --mix=coarse --psi=0.7",
    'python -m gan_tf.generate --run_dir=runs/words --temperature=0.8 --prompt="the old"',
    "python -m gan_tf.generate --run_dir=runs/a --run_dir=runs/b --weights=0.7,0.3",
)


@dataclasses.dataclass(frozen=True)
class Options(DataLocation, TraversalOptions, SamplingOptions, RunChoice):
    """What to generate; the help text of each field documents it."""

    headings = {"Data": "Real images, for --reject=drs"}
    common = (
        "run_dir checkpoint num_images seed label truncation psi temperature prompt reject interpolate "
        "walk format out"
    )

    run_dir: tuple = option(
        (),
        "Run",
        "the folder of a training run (needed); of several, a random one makes each image",
        path=True,
    )
    weights: str | None = option(
        None, "Run", "how often each of several runs is used: 0.7,0.3; default: equally often"
    )

    num_images: int | None = option(
        None, "Images", "how many; default: 64, or 8 rows of --sweep, --arithmetic and --mix", low=1
    )
    seeds: str | None = option(None, "Images", "the first image of each seed: 3,7,20-25")
    prompt: str | None = option(
        None, "Images", "how each sequence begins, for sequences that are drawn token by token"
    )
    label: str | None = option(
        None,
        "Images",
        "the class, by name or index, for conditional runs; default: as in the data",
    )

    format: str | None = option(
        None,
        "Output",
        "default: by the samples' modality; for images grid, with --interpolate strip, with --walk "
        "animated_webp",
        registry=FORMATS,
    )
    out: str | None = option(
        None,
        "Output",
        "the file, or the folder for one file each; default: in the run's folder `generated`",
        path=True,
    )
    no_metadata: bool = option(
        False, "Output", "leave out the note in each file that it is generated, by what, and how"
    )
    large: bool = LARGE
    batch_size: int = option(
        100,
        "Output",
        "images computed and written at once; does not change them",
        low=1,
        high=65536,
    )


def main(argv):
    """Parses the command line and generates; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "Generates images with the generators of training runs.", EXAMPLES
    )
    generate(options)
    return 0


def generate(options):
    """Generates what `Options` ask for; they are checked before TensorFlow is imported.

    Returns:
        The path of the file or folder that was written.

    Raises:
        UserError: for user errors.
    """
    request = read_request(options)
    with flags.quiet_import():
        from gan_tf.sampling import ensemble
    ensemble.write_samples(options, request)
    return request.out


if __name__ == "__main__":
    flags.run(main)
