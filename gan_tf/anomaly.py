"""Scores images by how anomalous they are: `python -m gan_tf.anomaly --run_dir=... --images=...`."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.inversion.request import read_request
from gan_tf.options import flags
from gan_tf.options.inversion import ENCODER_STEPS, SearchOptions
from gan_tf.options.option import option
from gan_tf.registry import OBJECTIVES

EXAMPLES = (
    "python -m gan_tf.anomaly --run_dir=runs/x --images=photos",
    "python -m gan_tf.anomaly --run_dir=runs/x --dataset --method=search --num_images=100",
)


@dataclasses.dataclass(frozen=True)
class Options(SearchOptions):
    """What to score, and how; the help text of each field documents it."""

    num_images: int = option(10_000, "What", "the most images to use", low=1)
    method: str = option(
        "encoder",
        "Search",
        "find an image's latent with a network, trained once (f-AnoGAN), or by search (AnoGAN)",
        choices=("encoder", "search"),
    )
    encoder_steps: int | None = ENCODER_STEPS
    score: tuple = option(
        (),
        "Search",
        'objectives whose sum is the score; default: pixels, "features(1.0)", and with an encoder '
        '"codes(10.0)"',
        registry=OBJECTIVES,
    )
    top: int = option(32, "Output", "most anomalous images in the picture", low=1, high=1000)


def main(argv):
    """Parses the command line and scores; returns the exit status."""
    options, _ = flags.parse(
        Options, argv, "Finds the images that a trained generator cannot make.", EXAMPLES
    )
    run = read_request(options, "anomaly")
    for name in map(_name, options.score):
        options.check_space(name, "score")
    if options.method == "search" and "codes" in map(_name, options.score):
        raise UserError("--score=codes compares an encoder's latents: give --method=encoder.")
    with flags.quiet_import():
        from gan_tf.inversion import anomaly_detection
    anomaly_detection.detect(run, options)
    return 0


def _name(spec):
    return OBJECTIVES.entry(spec).name


if __name__ == "__main__":
    flags.run(main)
