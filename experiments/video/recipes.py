"""The trainings of the experiment with videos: the preset, and what is changed in it."""

import pathlib

from gan_tf.options import flags
from gan_tf.options.config import Config

_STEPS = 10_000_000  # the time ends sooner
_FRAMES = (
    "--dataset=image_folder",
    "--image_size=32",
    "--color_mode=grayscale",
    "--discriminator_norm=none",
    "--latent_dim=100",
    "--batch_size=128",
)
OF_FRAMES = ("frames-dcgan", "frames-resnet")
RECIPES = {  # name: further flags
    "mocogan": (),
    "mocogan-dcgan": ("--arch=mocogan(backbone='dcgan')",),
    "tgan": ("--arch=tgan", "--latent_dim=100"),
    "frames-dcgan": (*_FRAMES, "--arch=dcgan"),
    "frames-resnet": (*_FRAMES, "--arch=resnet"),
}


def config_of(name, seed, runs, changes=()):
    """Returns the resolved `Config` of a training that has no end of its own.

    Args:
        name: one of `RECIPES`. `OF_FRAMES` are trained on `frames_of(runs)`.
        seed: of everything random.
        runs: the folder of all runs.
        changes: further flags, such as "--steps=10".
    """
    words = ["--preset=mocogan-moving_glyphs", f"--steps={_STEPS}", *RECIPES[name]]
    words += [f"--seed={seed}", f"--run_dir={pathlib.Path(runs) / f'{name}-{seed}'}", *changes]
    if name in OF_FRAMES:
        words.append(f"--image_dir={frames_of(runs)}")
    config, _ = flags.parse(Config, ["", *words], "")
    return config.resolve()


def frames_of(runs):
    """Returns the path of the archive of frames, given the folder of all runs."""
    return pathlib.Path(runs) / "frames.zip"
