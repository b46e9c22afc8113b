"""Exports a trained generator: `python -m gan_tf.export --run_dir=runs/x --format=saved_model`."""

import dataclasses

from gan_tf.errors import UserError, suggest
from gan_tf.exporters.exporter import check_folder, folder_of
from gan_tf.messages import show
from gan_tf.options import extras, flags
from gan_tf.options.compatibility import check_command
from gan_tf.options.direction import DirectionChoice
from gan_tf.options.option import check, option
from gan_tf.options.run_choice import RunChoice
from gan_tf.registry import EXPORTERS, GANS
from gan_tf.runs import choices
from gan_tf.runs.run_dir import RunDir

EXAMPLES = (
    "python -m gan_tf.export --run_dir=runs/demo",
    "python -m gan_tf.export --run_dir=runs/demo --format=saved_model --dtype=uint8",
    "python -m gan_tf.export --run_dir=runs/demo --format=tflite --out=digits-for-phones",
)


@dataclasses.dataclass(frozen=True)
class Options(DirectionChoice, RunChoice):
    """What to export, and how; the help text of each field documents it."""

    format: str = option(
        "keras",
        "Options",
        "the kind of file (not TensorFlow.js, whose converter needs TensorFlow 2.19)",
        registry=EXPORTERS,
    )
    dtype: str = option(
        "float32",
        "Options",
        "type of the outputs: float32 as networks make them, or the stored type, for images uint8",
    )
    out: str | None = option(
        None,
        "Options",
        "a new folder for file, model card and samples; default: {run_dir}/exported/{format}-{dtype}, "
        "with --direction also that",
        path=True,
    )


def main(argv):
    """Parses the command line and exports; returns the exit status."""
    options, _ = flags.parse(
        Options,
        argv,
        "Exports the generator of a training run for use without gan_tf, with a model card.\n"
        "The export is then loaded in a new process, and its outputs are compared with the run's.",
        EXAMPLES,
    )
    check(options)
    options.check_run_dir()
    run = RunDir(options.run_dir)
    config = run.config()
    check_command(config, "export")
    options.check_direction(config)
    if GANS.entry(config.gan).attributes["form"] == "stored":  # what its generator makes
        options = dataclasses.replace(options, dtype=config.modality().stored_dtype)
    _check_dtype(options.dtype, config.modality())
    attributes = EXPORTERS.entry(options.format).attributes
    extras.check(f"--format={attributes['extra']}", attributes)
    choices.check(run, options.checkpoint)
    check_folder(folder_of(run, options))
    with flags.quiet_import():
        from gan_tf.exporters import bundle
    show(bundle.export(run, options))
    return 0


def _check_dtype(dtype, modality):
    """Raises a `UserError` for a dtype that samples of a modality cannot be exported in."""
    known = ("float32", modality.stored_dtype)
    if dtype not in known:
        raise UserError(
            f"--dtype={dtype}: {modality.plural} cannot be exported in it{suggest(dtype, known)}; give "
            f"{' or '.join(dict.fromkeys(known))}."
        )


if __name__ == "__main__":
    flags.run(main)
