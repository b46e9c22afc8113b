"""Latents: drawn by seed and number, paths through them, and the priors they come from."""

from gan_tf.latents.drawing import *  # noqa: F403
