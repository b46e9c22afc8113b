"""Samples from trained runs: `python -m gan_tf.generate --run_dir=runs/x`."""

import dataclasses
import math
import os
import pathlib
import re

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.compatibility import check_command, check_modality
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import check, option
from gan_tf.options.run_choice import RunChoice, no_run
from gan_tf.options.sampling import SamplingOptions
from gan_tf.registry import FORMATS
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling import acceptance, traversals
from gan_tf.sampling.formats.format import Job

EXAMPLES = (
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=64 --seed=1",
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=10000 --format=npz --out=fakes.npz",
    "python -m gan_tf.generate --run_dir=runs/demo --seeds=3,7,20-25 --format=png",
    "python -m gan_tf.generate --run_dir=runs/demo --num_images=64 --reject=drs",
    "python -m gan_tf.generate --run_dir=runs/demo --interpolate=slerp --seeds=3,7,3 --format=gif",
    "python -m gan_tf.generate --run_dir=runs/demo --walk=7 --frames=20",
    "python -m gan_tf.generate --run_dir=runs/conditional --sweep=8",
    'python -m gan_tf.generate --run_dir=runs/faces --arithmetic="Smiling - Male"',
    "python -m gan_tf.generate --run_dir=runs/a --run_dir=runs/b --weights=0.7,0.3",
)


@dataclasses.dataclass(frozen=True)
class Options(DataLocation, SamplingOptions, RunChoice):
    """What to generate; every field is documented by its own text."""

    headings = {"Data": "Real images, for --reject=drs"}

    run_dir: tuple = option(
        (),
        "Run",
        "the folder of a training run (needed); several are used in random turns",
        path=True,
    )
    weights: str | None = option(
        None, "Run", "how often each of several runs is used: 0.7,0.3; default: equally often"
    )

    num_images: int | None = option(
        None, "Images", "how many; default: 64, or 8 rows of --sweep and --arithmetic", low=1
    )
    seeds: str | None = option(None, "Images", "the first image of each seed: 3,7,20-25")
    label: str | None = option(
        None,
        "Images",
        "the class, by name or index, for conditional runs; default: as in the data",
    )

    interpolate: str | None = option(
        None,
        "Paths through the latents",
        "go from the first image of each of --seeds to that of the next; slerp: along a great circle, "
        "right for every prior; lerp: straight",
        choices=("slerp", "lerp"),
    )
    walk: int | None = option(
        None,
        "Paths through the latents",
        "follow a smooth closed path through so many latents of the seed",
        low=2,
        high=1000,
    )
    frames: int = option(
        16, "Paths through the latents", "images from one latent to the next", low=1, high=10_000
    )
    sweep: int | None = option(
        None,
        "Paths through the latents",
        "show so many latents, one per row, with every class (or code of infogan), one per column",
        low=1,
        high=1000,
    )
    arithmetic: str | None = option(
        None,
        "Paths through the latents",
        "move images, one per row, along a sum of the mean latents of labels, such as "
        '"Smiling - Male", by 0, 0.25, 0.5 and 1 times the length of a latent; for digits and faces',
    )

    format: str | None = option(
        None,
        "Output",
        "default: that of the samples' modality; of images grid, of --interpolate strip, of --walk "
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
        False, "Output", "do not state in the files that they are generated, by what, and how"
    )
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
        The path of the file, or of the folder, that was written.

    Raises:
        UserError: for anything that the user can mend.
    """
    check(options)
    given = options.run_dir if isinstance(options.run_dir, tuple) else (options.run_dir,)
    runs = [RunDir(path) for each in given for path in _listed(each)]
    if not runs:
        raise no_run()
    configs = [run.config() for run in runs]
    config = configs[0]
    if len({each.modality_name for each in configs}) > 1:
        raise UserError("These runs make samples of different kinds: name runs of one kind.")
    for run, each in zip(runs, configs):
        check_command(each, "generate")
        if options.reject:
            acceptance.check(run, options.reject)
    weights = _weights(options.weights, runs)
    plan = traversals.choose(options, runs)
    modality = config.modality()
    spec = options.format or getattr(modality, plan.format) or modality.default_format
    check_modality(FORMATS, spec, config.modality_name)
    form = FORMATS.build(spec)
    name = _name(options, plan, runs)
    suffix = "" if form.folder else form.suffix
    out = pathlib.Path(options.out or runs[0].generated / (name + suffix))
    if out.is_dir() and not form.folder:
        raise UserError(f"'{out}' is a folder: --out takes a file for --format={spec}.")
    shape = tuple(runs[0].read_data()["sample_shape"])
    facts = None if options.no_metadata else plan.facts
    job = Job(plan.count, modality, shape, name, plan.columns, facts)
    form.check(job)
    with flags.quiet_import():
        from gan_tf.sampling import ensemble
    ensemble.write_samples(options, runs, weights, plan, form, job, out)
    return out


def _listed(path):
    """The folders of one --run_dir, which may be several with commas between them."""
    if not path or os.path.exists(path):
        return [path] if path else []
    return [each.strip() for each in path.split(",") if each.strip()]


def _weights(text, runs):
    """Reads "0.7,0.3": one number a run; None where nothing is given."""
    if text is None:
        return None
    try:
        weights = [float(each) for each in text.split(",")]
    except ValueError:
        weights = []
    positive = all(0 <= each < math.inf for each in weights) and sum(weights) > 0
    if len(weights) != len(runs) or not positive:
        raise UserError(
            f"--weights={text}: write a number for each of the {len(runs)} runs, 0 or more, with "
            "commas between them."
        )
    return weights


def _name(options, plan, runs):
    """What files are called: it says what sets their images apart."""
    parts = [
        plan.name,
        len(runs) > 1 and f"of{len(runs)}",
        options.label is not None and f"label{options.label}",
        options.truncation is not None and f"truncation{options.truncation:g}",
        options.reject and f"reject-{options.reject}",
    ]
    return re.sub(r"[^\w.,-]+", "_", "-".join(each for each in parts if each)).strip("_")


if __name__ == "__main__":
    flags.run(main)
