"""Translates images with a trained run: `python -m gan_tf.translate --run_dir=... --images=...`."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.compatibility import check_command
from gan_tf.options.data_location import DataLocation
from gan_tf.options.direction import DirectionChoice
from gan_tf.options.option import check, check_paths, option
from gan_tf.options.run_choice import RunChoice
from gan_tf.options.style_choice import StyleChoice
from gan_tf.options.translation_output import TranslationOutput
from gan_tf.runs import choices
from gan_tf.runs.run_dir import RunDir

EXAMPLES = (
    "python -m gan_tf.translate --run_dir=runs/x --images=photos --out=translated",
    "python -m gan_tf.translate --run_dir=runs/x --images=photo.jpg --tile=512",
    "python -m gan_tf.translate --run_dir=runs/x --dataset --format=html",
    "python -m gan_tf.translate --run_dir=runs/x --images=photos --direction=b_to_a",
    "python -m gan_tf.translate --run_dir=runs/fonts --text=Hello --label=DejaVuSerif",
    "python -m gan_tf.translate --run_dir=runs/fonts --format=ttf --label=DejaVuSerif",
)


@dataclasses.dataclass(frozen=True)
class Options(DataLocation, TranslationOutput, DirectionChoice, RunChoice, StyleChoice):
    """What to translate, and how; the help text of each field documents it."""

    headings = {"Data": "Data of the run, if they have moved"}
    common = (
        "run_dir checkpoint direction images dataset text label degrade num_images tile format out"
    )

    images: str | None = option(
        None,
        "What",
        "an image, a folder or a zip archive of images, of any size",
        path=True,
        reads="file or folder",
    )
    dataset: bool = option(
        False,
        "What",
        "translate the run's own data instead, held-out pairs if there are any, and compare with "
        "their targets",
    )
    degrade: bool = option(
        False,
        "What",
        "the images are targets, of which --pair_by of the run makes the sources, and which outputs "
        "are compared with",
    )
    num_images: int | None = option(
        None, "What", "the most images to translate; default: all; with --dataset 100", low=1
    )
    tile: int | None = option(
        None,
        "How",
        "translate large images in overlapping tiles of this side, in pixels: needs little memory",
        low=64,
        high=8192,
    )
    stochastic: bool = option(False, "How", "leave dropout active: outputs vary")
    blend: float | None = option(
        None,
        "How",
        "mix the weights with those of the run that this one started from (--init_from): 0: that "
        "run's, 1: this one's",
        low=0,
        high=1,
    )


def main(argv):
    """Parses the command line and translates; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "Translates images with the generator of a training run.", EXAMPLES
    )
    check(options)
    options.check_run_dir()
    given = bool(options.images) + options.dataset + bool(options.text)
    if options.format == "ttf" and given > bool(options.text):
        raise UserError("--format=ttf makes fonts: leave out --images and --dataset.")
    if options.format != "ttf" and given != 1:
        raise UserError(
            "Choose either --images=FILE or FOLDER, or --dataset (the run's data), or --text."
        )
    check_paths(options, reading=True)
    run = RunDir(options.run_dir)
    config = run.config()
    check_command(config, "translate", ("image",))
    options.check_direction(config)
    options.check_styles(config)
    if options.degrade and (options.dataset or not config.pair_by):
        why = "has pairs" if options.dataset else "has no --pair_by"
        raise UserError(f"--degrade makes sources of targets, and the run {why}: leave it out.")
    if options.blend is not None and not config.init_from:
        raise UserError(
            f"--blend={options.blend} mixes a run with the one it started from, and this one started "
            "from scratch: leave it out, or give a run of --init_from."
        )
    choices.check(run, options.checkpoint)
    options.check_folder(run)
    with flags.quiet_import():
        from gan_tf.sampling import font_file, translation, written_text
    if options.format == "ttf":
        font_file.write(run, options)
    elif options.text:
        written_text.write(run, options)
    else:
        translation.translate(run, options)
    return 0


if __name__ == "__main__":
    flags.run(main)
