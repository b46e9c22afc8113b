"""Configurations of the experiments' trainings, from words of the command line."""

import pathlib

from gan_tf.options import flags
from gan_tf.options.config import Config

_PRESETS = pathlib.Path(__file__).parent


def preset(name):
    """Returns the word that names a preset of `experiments/`."""
    return f"--flagfile={_PRESETS / name}.flags"


def config_of(words):
    """Returns the resolved `Config` of arguments of `gan_tf.main`."""
    config, _ = flags.parse(Config, ["experiment", *words], "")
    return config.resolve()
