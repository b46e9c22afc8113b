"""Trains a GAN: `python -m gan_tf.main --dataset=mnist --arch=dcgan`."""

from gan_tf.messages import show
from gan_tf.options import flags
from gan_tf.options.config import Config
from gan_tf.registry import STRATEGIES
from gan_tf.runs import preflight
from gan_tf.runtime.waiting import restart_with_sigterm_blocked
from gan_tf.training import few_images

EXAMPLES = (
    "python -m gan_tf.main --dataset=glyphs --epochs=5",
    "python -m gan_tf.main --dataset=celeb_a --arch=dcgan --flip",
    "python -m gan_tf.main --dataset=image_folder --image_dir=photos",
    "python -m gan_tf.main --preset=dcgan-mnist --run_dir=runs/mine",
)
EXTRA = (("dry_run", "print the configuration, the networks and the size of an epoch, and exit"),)


def main(argv):
    """Parses the command line and trains; returns the exit status."""
    config, actions = flags.parse(
        Config,
        argv,
        "Trains a generative adversarial network; repeat the command to resume it.",
        EXAMPLES,
        extra=EXTRA,
    )
    config, notes = few_images.resolve(config, flags.given(Config, argv, EXTRA))
    preflight.check(config)
    if __name__ == "__main__" and not actions["dry_run"]:
        waits = config.strategy and STRATEGIES.entry(config.strategy).name == "multi_worker"
        if waits:  # for others, where TensorFlow catches SIGTERM
            restart_with_sigterm_blocked()
    for note in notes:
        show(note)
    with flags.quiet_import():  # TensorFlow takes seconds to import: only after flags are checked
        from gan_tf.training.dry_run import dry_run
        from gan_tf.training.loop import train

    if actions["dry_run"]:
        return dry_run(config)
    return train(config)


if __name__ == "__main__":
    flags.run(main)
