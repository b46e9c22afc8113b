"""Finds the latents of images: `python -m gan_tf.invert --run_dir=runs/x --images=photos`."""

import dataclasses

from gan_tf.inversion.request import read_request
from gan_tf.options import flags
from gan_tf.options.inversion import ENCODER_STEPS, SPACE, SearchOptions
from gan_tf.options.option import option

EXAMPLES = (
    "python -m gan_tf.invert --run_dir=runs/x --images=photos",
    "python -m gan_tf.invert --run_dir=runs/x --dataset --num_images=64 --encoder",
    "python -m gan_tf.invert --run_dir=runs/styles --images=photos --space=w_plus",
)


@dataclasses.dataclass(frozen=True)
class Options(SearchOptions):
    """What to invert, and how; the help text of each field documents it."""

    space: str = SPACE
    encoder: bool = option(
        False,
        "Search",
        "start from an encoder's latents, too; it is trained first if the run has none, and always "
        "used if it has one",
    )
    encoder_steps: int | None = ENCODER_STEPS


def main(argv):
    """Parses the command line and inverts; returns the exit status."""
    options, _ = flags.parse(
        Options,
        argv,
        "Finds the latent of each image: the one from which the generator reconstructs it best.",
        EXAMPLES,
    )
    run = read_request(options, "invert")
    with flags.quiet_import():
        from gan_tf.inversion import reconstruction
    reconstruction.invert(run, options)
    return 0


if __name__ == "__main__":
    flags.run(main)
