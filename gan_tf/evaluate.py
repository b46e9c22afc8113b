"""Scores a trained run, or any folder of images: `python -m gan_tf.evaluate --run_dir=runs/x`."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options import flags
from gan_tf.options.compatibility import check_command, check_features, check_samples
from gan_tf.options.config import Config
from gan_tf.options.data import DataSet
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import check, option, same
from gan_tf.options.run_choice import RunChoice
from gan_tf.options.sampling import SamplingOptions
from gan_tf.registry import METRICS
from gan_tf.runs.run_dir import RunDir
from gan_tf.sampling.acceptance import check as check_rejection

EXAMPLES = (
    "python -m gan_tf.evaluate --run_dir=runs/mnist-dcgan",
    'python -m gan_tf.evaluate --run_dir=runs/x --checkpoint=best --metric="fid(5000)" --metric=recall',
    "python -m gan_tf.evaluate --images=fakes --dataset=mnist --json=scores.json",
    "python -m gan_tf.evaluate --run_dir=runs/x --reject=drs",
    "python -m gan_tf.evaluate --compare runs/a runs/b --plot=scores.png",
    "python -m gan_tf.evaluate --run_dir=runs/x --memorization=nearest.png",
)


@dataclasses.dataclass(frozen=True)
class Options(DataLocation, DataSet, SamplingOptions, RunChoice):
    """What to score, and how; the help text of each field documents it."""

    headings = {"Data": "Real images"}
    common = "run_dir images compare dataset checkpoint metric num_images json plot"

    run_dir: str | None = option(None, "Run", "the folder of a training run", path=True)
    images: str | None = option(
        None, "Run", "score a folder of images, made by any program, instead of a run", path=True
    )
    compare: tuple = option((), "Run", "score several runs side by side: --compare runs/a runs/b")

    metric: tuple = option(
        (), "How", "compute these scores; default: all that the features support", registry=METRICS
    )
    num_images: int = option(
        10_000, "How", "number of real and of generated images, unless a metric sets it", low=2
    )
    features: str | None = same(Config, "features", "How")
    inception_weights: str | None = same(Config, "inception_weights", "How")

    json: str | None = option(None, "Output", "write the scores to this file", path=True)
    plot: str | None = option(
        None, "Output", "PNG of the scores over training, for --compare", path=True
    )
    memorization: str | None = option(
        None,
        "Output",
        "PNG of fakes next to their nearest training images; reports whether they are copies",
        path=True,
    )

    dataset: str | None = option(
        None, "Data", "the data set to compare --images with; default: that of the run"
    )


def main(argv):
    """Parses the command line and scores; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "Scores generated images by comparing them with real ones.", EXAMPLES
    )
    check(options)
    given = [name for name in ("run_dir", "images", "compare") if getattr(options, name)]
    if len(given) != 1:
        raise UserError(
            "Say what to score with one of --run_dir=..., --images=... or --compare runs/a runs/b."
        )
    for name in ("plot", "memorization"):
        needed = {"plot": "compare", "memorization": "run_dir"}[name]
        if getattr(options, name) and not getattr(options, needed):
            raise UserError(f"--{name} goes with --{needed}: give that too, or leave it out.")
    for name in ("truncation", "reject"):
        if getattr(options, name) is not None and (options.images or options.memorization):
            raise UserError(f"--{name} goes with scores of --run_dir or --compare: leave it out.")
    if options.images:
        if not options.dataset:
            raise UserError("--images needs --dataset=...: the real images to compare with.")
        any_size = Config(dataset=options.dataset, arch="mlp")  # no network is built
        configs = [_real_images(options, any_size).resolve()]
    else:  # any error is raised before TensorFlow is imported
        runs = [RunDir(each) for each in options.compare or (options.run_dir,)]
        configs = [_real_images(options, run.config()) for run in runs]
        for run in runs if options.reject else ():
            check_rejection(run, options.reject)
    for config in configs:
        check_command(config, "evaluate")
        for name in ("images", "memorization"):
            if getattr(options, name):
                check_samples(f"--{name}", ("image",), config)
        check_features(config, options.metric)
    with flags.quiet_import():
        from gan_tf.evaluation import run_scores
    if options.images:
        run_scores.score_folder(options, configs[0])
    elif options.memorization:
        run_scores.check_memorization(options, runs[0], configs[0])
    else:
        run_scores.score_runs(options, runs, configs)
    return 0


def _real_images(options, config):
    """A `Config` with the options of the real images and of the evaluation."""
    names = {"features", "inception_weights"} | {each.name for each in dataclasses.fields(DataSet)}
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return dataclasses.replace(config, **given, **options.location())


if __name__ == "__main__":
    flags.run(main)
