"""Scores a trained run, or any folder of images: `python -m gan_tf.evaluate --run_dir=runs/x`."""

import dataclasses

from gan_tf.evaluation.request import read_request
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.options.data import DataSet
from gan_tf.options.data_location import DataLocation
from gan_tf.options.option import option, same
from gan_tf.options.run_choice import RunChoice
from gan_tf.options.sampling import SamplingOptions
from gan_tf.registry import METRICS

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
        None,
        "Run",
        "score images of any program instead of a run: a folder, a zip archive or an .npz file",
        path=True,
        reads="file or folder",
    )
    compare: tuple = option(
        (), "Run", "score several runs side by side: --compare runs/a runs/b", path=True
    )

    metric: tuple = option(
        (), "How", "compute these scores; default: all that the features support", registry=METRICS
    )
    num_images: int = option(
        10_000, "How", "number of real and of generated images, unless a metric sets it", low=2
    )
    features: str | None = same(Config, "features", "How")
    inception_weights: str | None = same(Config, "inception_weights", "How")

    json: str | None = option(None, "Output", "write the scores to this file", path=True, writes="")
    plot: str | None = option(
        None,
        "Output",
        "picture of the scores over training, for --compare: PNG, SVG or PDF",
        path=True,
        writes=".png .svg .pdf",
    )
    memorization: str | None = option(
        None,
        "Output",
        "PNG of fakes next to their nearest training images; reports whether they are copies",
        path=True,
        writes=".png",
    )

    dataset: str | None = option(
        None, "Data", "the data set to compare --images with; default: that of the run"
    )


def main(argv):
    """Parses the command line and scores; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "Scores generated images by comparing them with real ones.", EXAMPLES
    )
    runs, configs = read_request(options)
    with flags.quiet_import():
        from gan_tf.evaluation import run_scores
    if options.memorization:
        run_scores.check_memorization(options, runs[0] if runs else None, configs[0])
    elif options.images:
        run_scores.score_images(options, configs[0])
    else:
        run_scores.score_runs(options, runs, configs)
    return 0


if __name__ == "__main__":
    flags.run(main)
