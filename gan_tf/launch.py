"""Trains with several processes on this machine: `python -m gan_tf.launch --workers=2 -- ...`."""

import dataclasses

from gan_tf.errors import UserError
from gan_tf.options import flags, help_text
from gan_tf.options.config import Config
from gan_tf.options.option import check, option
from gan_tf.runs import preflight
from gan_tf.runtime.worker_processes import wait, workers
from gan_tf.training import few_images

EXAMPLES = (
    "python -m gan_tf.launch --workers=2 -- --dataset=mnist --arch=dcgan",
    "python -m gan_tf.launch --workers=4 -- --preset=dcgan-celeb_a",
)


@dataclasses.dataclass(frozen=True)
class Options:
    """How many workers; the help text of each field documents it."""

    workers: int = option(2, "Options", "the number of processes", low=1, high=256)
    cores: int | None = option(
        None, "Options", "cores of each process; default: they share all", low=1
    )


def main(argv):
    """Starts the workers and waits for them; returns the exit status of the first that failed."""
    own, training = _split(argv)
    options, _ = flags.parse(
        Options,
        own,
        "Trains with several processes on this machine (--strategy=multi_worker): like python -m "
        "gan_tf.main with the flags after --, in parallel.",
        EXAMPLES,
    )
    check(options)
    config, _ = flags.parse(Config, ["", *training], "")
    config, _ = few_images.resolve(config, flags.given(Config, ["", *training]))
    preflight.check(config)  # so that an error is reported once, not by every worker
    if config.strategy:
        raise UserError(
            f"--strategy={config.strategy}: gan_tf.launch sets the strategy itself: leave it out."
        )
    with workers(options.workers, options.cores, training) as started:
        return wait(started)


def _split(argv):
    if "--" not in argv:
        if not help_text.asked(argv):
            raise UserError(
                "Give the flags of the training after --, as in: python -m gan_tf.launch --workers=2 "
                "-- --dataset=mnist."
            )
        return argv, []
    at = argv.index("--")
    return argv[:at], argv[at + 1 :]


if __name__ == "__main__":
    flags.run(main)
