"""Builds the networks that a configuration describes, conditional or not."""

import functools

import keras

from gan_tf.errors import UserError
from gan_tf.networks.conditioning import semi_supervised_discriminator
from gan_tf.networks.freezing import freeze
from gan_tf.networks.layers import Packing
from gan_tf.networks.normalization import synchronize
from gan_tf.registry import ARCHITECTURES, CONDITIONINGS, PRIORS, TRICKS


def generator(config, image_shape, num_classes=0):
    """Builds the generator of a resolved `Config`.

    Args:
        config: the `Config`.
        image_shape: (height, width, channels).
        num_classes: how many classes there are; used where the networks are conditional.

    Returns:
        A functional `keras.Model`: latents (batch, latent_dim), or [latents, int labels
        (batch,)] -> (batch, H, W, C) in [-1, 1].

    Raises:
        UserError: when it is to be conditional and there are no classes.
    """
    check_labels(config, num_classes)
    architecture = ARCHITECTURES.build(config.arch, vars(config))
    if config.conditional:
        build = functools.partial(CONDITIONINGS.build(config.conditional).generator, architecture)
        network = build(image_shape, config.latent_dim, num_classes)
    else:
        network = architecture.generator(image_shape, config.latent_dim)
    synchronize(network, config.sync_batch_norm)
    tricks = [TRICKS.build(each, {"total_steps": 1}) for each in config.trick]
    for trick in tricks:
        network = trick.edit(network)
    return _from_normal(network, PRIORS.build(config.prior), tricks)


def discriminator(config, image_shape, num_classes=0):
    """Builds the discriminator; arguments and errors are those of `generator`.

    Returns:
        A functional `keras.Model`: images (batch, H, W, C), or [images, int labels
        (batch,)] -> (batch, 1) logits, its lowest levels frozen where --freeze_discriminator
        says so; with packing: images -> (batch / packing, 1);
        with an auxiliary classifier or semi-supervised: images -> a dict of "logits" and
        "class_logits" (batch, num_classes).
    """
    network = _discriminator(config, image_shape, num_classes)
    synchronize(network, config.sync_batch_norm)
    freeze(network, config.freeze_discriminator)
    return network


def _discriminator(config, image_shape, num_classes):
    check_labels(config, num_classes)
    architecture = ARCHITECTURES.build(config.arch, vars(config))
    if config.conditional:
        conditioning = CONDITIONINGS.build(config.conditional)
        return conditioning.discriminator(architecture, image_shape, num_classes)
    if config.semi_supervised:
        return semi_supervised_discriminator(architecture, image_shape, num_classes)
    if config.packing > 1:
        return packed(architecture, image_shape, config.packing)
    return architecture.discriminator(image_shape)


def packed(architecture, image_shape, count):
    """Builds a discriminator that judges `count` images at once (see `layers.Packing`).

    Args:
        architecture: a `gan_tf.networks.architecture.Architecture`.
        image_shape: (height, width, channels).
        count: images in a pack, from 1.

    Returns:
        A functional `keras.Model`: (batch, H, W, C) -> (batch / count, 1) logits.
    """
    images = keras.Input(image_shape, name="images")
    return keras.Model(images, architecture.judge(Packing(count)(images)), name="discriminator")


def _from_normal(network, prior, tricks):
    """The generator as a function of normal latents, whatever prior and tricks make of them."""
    normal, *labels = [
        keras.Input(each.shape[1:], dtype=each.dtype, name=each.name) for each in network.inputs
    ]
    latents = prior(normal)
    for trick in tricks:
        latents = trick.latents(normal, latents)
    if latents is normal:
        return network
    inputs = [latents, *labels] if labels else latents
    return keras.Model([normal, *labels] if labels else normal, network(inputs), name="generator")


def check_labels(config, num_classes):
    """Checks that there are classes where the networks need them.

    Raises:
        UserError: when there are none.
    """
    flag = "conditional" if config.conditional else "semi_supervised"
    if getattr(config, flag) and not num_classes:
        raise UserError(
            f"--{flag}={getattr(config, flag)} needs labels, and the data set '{config.dataset}' has "
            "none: put the images of each class in a folder of their own, and none beside those "
            "folders, or leave it out."
        )
