"""Builds the GAN that a configuration describes, and shows it what it is to know beforehand."""

import numpy as np

from gan_tf import execution
from gan_tf.data import labelled
from gan_tf.gans.gan import GAN
from gan_tf.networks import build as networks
from gan_tf.networks.normalization import REFERENCE_SIZE, set_reference
from gan_tf.registries import CONDITIONINGS, TRICKS
from gan_tf.tricks.classes import SemiSupervised


def build(config, image_shape, label_names=(), total_steps=1):
    """Builds and compiles the GAN of a resolved `Config`.

    Args:
        config: the `Config`.
        image_shape: (height, width, channels).
        label_names: the names of the classes, where there are any.
        total_steps: training steps of the whole run, for what changes until its end.

    Raises:
        UserError: when the networks are to be conditional and there are no classes.
    """
    gan = GAN(
        networks.generator(config, image_shape, len(label_names)),
        networks.discriminator(config, image_shape, len(label_names)),
        seed=config.seed,
        tricks=_tricks(config, total_steps),
    )
    gan.compile(
        config.generator_optimizer,
        config.discriminator_optimizer,
        config.loss,
        config.discriminator_steps,
        config.penalty,
        jit_compile=execution.jit_compile(config),
    )
    return gan


def show(gan, config, data):
    """Shows a GAN of `build` the images that it needs before the first step, where it needs any.

    Real images are the reference of virtual batch normalization, labelled ones teach a
    semi-supervised discriminator.

    Args:
        gan: the GAN.
        config: its `Config`.
        data: `gan_tf.data.pipeline.Images`.

    Raises:
        UserError: when there are too few labels.
    """
    count = min(len(data.pixels), REFERENCE_SIZE * config.packing)
    inputs = [data.pixels[:count].astype(np.float32) / 127.5 - 1]
    if len(gan.discriminator.inputs) > 1:
        inputs.append(data.labels[:count])
    set_reference(gan.discriminator, inputs if len(inputs) > 1 else inputs[0])
    if config.semi_supervised:
        rows = labelled.choose(data, config.semi_supervised, config.seed)
        gan.tricks[-1].teach(data.pixels[rows], data.labels[rows])


def _tricks(config, total_steps):
    """The tricks that are asked for, and those that come with other options."""
    specs = list(config.trick)
    coming = config.conditional and CONDITIONINGS.entry(config.conditional).attributes.get("trick")
    if coming and coming not in [TRICKS.entry(each).name for each in specs]:
        specs.append(coming)
    tricks = [TRICKS.build(each, {"total_steps": total_steps}) for each in specs]
    return tricks + [SemiSupervised()] * bool(config.semi_supervised)
