"""Builds the GAN that a configuration describes, and shows it what it is to know beforehand."""

import numpy as np

from gan_tf import latents
from gan_tf.data import labelled_subset
from gan_tf.gans.standard import GAN
from gan_tf.networks import build as networks
from gan_tf.networks.normalization import REFERENCE_SIZE, set_reference
from gan_tf.registry import (
    ARCHITECTURES,
    CONDITIONINGS,
    LOSSES,
    OPTIMIZERS,
    PENALTIES,
    PRIORS,
    TRICKS,
)
from gan_tf.runtime import compilation
from gan_tf.tricks.classes import SemiSupervised


def check(config):
    """Builds the parts that a resolved `Config` names, for their complaints, but no network.

    It takes a moment, and so comes before what takes long, or writes anything.

    Raises:
        UserError: when an argument of a part makes no sense.
    """
    for spec in (config.generator_optimizer, config.discriminator_optimizer):
        OPTIMIZERS.build(spec)
    for spec in config.penalty:
        PENALTIES.build(spec)
    LOSSES.build(config.loss)
    PRIORS.build(config.prior)
    ARCHITECTURES.build(config.arch, vars(config))
    if config.conditional:
        CONDITIONINGS.build(config.conditional)
    _tricks(config, 1)


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
        jit_compile=compilation.jit_compile(config),
    )
    return gan


def show(gan, config, data):
    """Shows a GAN of `build` the images that it needs before the first step, where it needs any.

    Real images, drawn at random, and latents are the references of virtual batch
    normalization; labelled images teach a semi-supervised discriminator.

    Args:
        gan: the GAN.
        config: its `Config`.
        data: `gan_tf.data.pipeline.Images`.

    Raises:
        UserError: when there are too few labels.
    """
    modality = config.modality()
    count = min(len(data.pixels), REFERENCE_SIZE * config.packing)
    rows = np.random.default_rng(config.seed).choice(len(data.pixels), count, replace=False)
    real = modality.to_network(data.pixels[rows])
    labels = data.labels[rows] if gan.conditional else None
    drawn = latents.draw(config.seed, range(count), gan.latent_dim)
    shown = [(gan.discriminator, real), (gan.generator, drawn), (gan.sampler, drawn)]
    for network, inputs in shown:
        set_reference(network, [inputs, labels] if len(network.inputs) > 1 else inputs)
    if config.semi_supervised:
        rows = labelled_subset.choose(data, config.semi_supervised, config.seed)
        gan.tricks[-1].teach(data.pixels[rows], data.labels[rows], modality.to_network)


def _tricks(config, total_steps):
    """The tricks that are asked for, and those that come with other options."""
    specs = list(config.trick)
    coming = config.conditional and CONDITIONINGS.entry(config.conditional).attributes.get("trick")
    if coming and coming not in [TRICKS.entry(each).name for each in specs]:
        specs.append(coming)
    tricks = [TRICKS.build(each, {"total_steps": total_steps}) for each in specs]
    return tricks + [SemiSupervised()] * bool(config.semi_supervised)
