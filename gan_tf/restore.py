"""Restores damaged images: `python -m gan_tf.restore --run_dir=... --task=inpaint --images=...`."""

import dataclasses

from gan_tf.data import masks
from gan_tf.errors import UserError
from gan_tf.inversion.request import read_request
from gan_tf.options import flags
from gan_tf.options.compatibility import check_belongs, check_command
from gan_tf.options.inversion import SPACE, SearchOptions, with_method
from gan_tf.options.option import option
from gan_tf.registry import OBJECTIVES, TASKS
from gan_tf.runs.run_dir import RunDir

EXAMPLES = (
    "python -m gan_tf.restore --run_dir=runs/x --task=inpaint --images=photos",
    'python -m gan_tf.restore --run_dir=runs/x --task=inpaint --mask="random(0.8)" --dataset',
    "python -m gan_tf.restore --run_dir=runs/bigan --method=gibbs --mask=left --dataset",
    "python -m gan_tf.restore --run_dir=runs/x --task=denoise --noise=0.3 --dataset",
    "python -m gan_tf.restore --run_dir=runs/x --task=superres --factor=4 --dataset",
    "python -m gan_tf.restore --run_dir=runs/x --task=colorize --dataset --translator=runs/colors",
)


@dataclasses.dataclass(frozen=True)
class Options(SearchOptions):
    """What to restore, and how; the help text of each field documents it."""

    common = "run_dir images dataset task mask noise factor translator num_images method out"

    num_images: int = option(12, "What", "the most images to use", low=1)
    task: str = option("inpaint", "What", "what is wrong with the images", registry=TASKS)
    mask: str | None = option(
        None,
        "What",
        "for inpaint: the missing pixels: center, left, random(0.5), or an image file of the images' "
        "size, white where they are missing; default: center",
    )
    noise: float | None = option(
        None,
        "What",
        "for denoise: standard deviation of the noise to add, for values from 0 to 1; 0 if the "
        "images are noisy already; default: 0.2",
        low=0,
        high=10,
    )
    sigma: float | None = option(
        None,
        "What",
        "for denoise with --noise=0: standard deviation of the images' own noise; default: unknown",
        low=0,
        high=10,
    )
    factor: int | None = option(
        None, "What", "for superres: how many times larger; default: 4", low=2, high=64
    )
    translator: str | None = option(
        None,
        "What",
        "a run of --gan=pix2pix that learned to undo the same damage (--pair_by): its outputs for the "
        "same images stand beside the restored ones",
        path=True,
        reads="directory",
    )
    space: str = SPACE
    method: str = option(
        "search",
        "Search",
        "restore images by searching for their latents, or, for inpaint with a run of --gan=bigan, by "
        "several draws from alternate encoding and generating (gibbs)",
        choices=("search", "gibbs"),
    )
    steps: int | None = option(
        None, "Search", "updates of each latent, or of each draw; default: 300; gibbs: 30", low=1
    )
    draws: int | None = option(
        None,
        "Search",
        "for --method=gibbs: how many draws for each image; default: 8",
        low=1,
        high=1000,
    )


def main(argv):
    """Parses the command line and restores; returns the exit status."""
    options, _ = flags.parse(
        Options,
        argv,
        "Restores damaged images with a trained generator.",
        EXAMPLES,
    )
    run = read_request(options, "restore")
    check_belongs(options, TASKS, TASKS.entry(options.task))
    written = TASKS.parse(options.task)[1]
    for name in written:
        if getattr(options, name, None) is not None:
            raise UserError(f"--task={options.task} and --{name} both set '{name}': leave one out.")
    for each in options.objective:
        if OBJECTIVES.entry(each).name == "features":
            raise UserError(
                "--objective=features compares complete images, and these are damaged: leave it out."
            )
    options = with_method(options, run.config())
    height, width, _ = run.read_data()["sample_shape"]
    masks.check(written.get("mask") or options.mask or "center", (height, width))
    if options.translator:
        check_command(RunDir(options.translator).config(), "translate", options.modalities)
    with flags.quiet_import():
        from gan_tf.inversion import restoration
    restoration.restore(run, options)
    return 0


if __name__ == "__main__":
    flags.run(main)
