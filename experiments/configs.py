"""Configurations of the experiments' trainings, from words of the command line."""

from gan_tf.options import flags
from gan_tf.options.config import Config


def config_of(words):
    """Returns the resolved `Config` of arguments of `gan_tf.main`."""
    config, _ = flags.parse(Config, ["experiment", *words], "")
    return config.resolve()
