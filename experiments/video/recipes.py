"""The trainings of the experiment with videos: the presets, and what is changed in that of MoCoGAN."""

import pathlib

from gan_tf.options import flags
from gan_tf.options.config import Config

_MOCOGAN = "--preset=mocogan-moving_glyphs"
# The time ends sooner.
_BY_TIME = (_MOCOGAN, "--steps=10000000", "--trick=", "--trick=ema(0.999)", "--arch=mocogan")
_FRAMES = (
    *_BY_TIME,
    "--dataset=image_folder",
    "--image_size=32",
    "--color_mode=grayscale",
    "--discriminator_norm=none",
    "--latent_dim=100",
    "--batch_size=128",
)
OF_FRAMES = ("frames-dcgan", "frames-resnet")
RECIPES = {  # name: flags
    "preset": (_MOCOGAN,),  # this and "tgan" end by themselves
    "mocogan": _BY_TIME,
    "mocogan-dcgan": (*_BY_TIME, "--arch=mocogan(backbone='dcgan')"),
    "tgan": ("--preset=tgan-moving_glyphs",),
    "frames-dcgan": (*_FRAMES, "--arch=dcgan"),
    "frames-resnet": (*_FRAMES, "--arch=resnet"),
}


def config_of(name, seed, runs, changes=()):
    """Returns the resolved `Config` of a training.

    Args:
        name: one of `RECIPES`. `OF_FRAMES` are trained on `frames_of(runs)`.
        seed: of everything random.
        runs: the folder of all runs.
        changes: further flags, such as "--steps=10".
    """
    words = [*RECIPES[name], f"--seed={seed}"]
    words += [f"--run_dir={pathlib.Path(runs) / f'{name}-{seed}'}", *changes]
    if name in OF_FRAMES:
        words.append(f"--image_dir={frames_of(runs)}")
    config, _ = flags.parse(Config, ["", *words], "")
    return config.resolve()


def frames_of(runs):
    """Returns the path of the archive of frames, given the folder of all runs."""
    return pathlib.Path(runs) / "frames.zip"
