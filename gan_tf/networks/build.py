"""Builds the networks that a configuration describes, conditional or not."""

import keras

from gan_tf.errors import UserError
from gan_tf.networks.layers import Packing
from gan_tf.registries import ARCHITECTURES, CONDITIONINGS


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
    architecture = ARCHITECTURES.build(config.arch, vars(config))
    if not config.conditional:
        return architecture.generator(image_shape, config.latent_dim)
    conditioning = _conditioning(config, num_classes)
    return conditioning.generator(architecture, image_shape, config.latent_dim, num_classes)


def discriminator(config, image_shape, num_classes=0):
    """Builds the discriminator; arguments and errors are those of `generator`.

    Returns:
        A functional `keras.Model`: images (batch, H, W, C), or [images, int labels
        (batch,)] -> (batch, 1) logits; with packing: images -> (batch / packing, 1).
    """
    architecture = ARCHITECTURES.build(config.arch, vars(config))
    if config.packing > 1:
        return _packed(architecture, image_shape, config.packing)
    if not config.conditional:
        return architecture.discriminator(image_shape)
    return _conditioning(config, num_classes).discriminator(architecture, image_shape, num_classes)


def _packed(architecture, image_shape, count):
    """A discriminator that judges `count` images at once."""
    images = keras.Input(image_shape, name="images")
    return keras.Model(images, architecture.judge(Packing(count)(images)), name="discriminator")


def _conditioning(config, num_classes):
    if not num_classes:
        raise UserError(
            f"--conditional={config.conditional} needs labels, and the data set '{config.dataset}' "
            "has none: put the images of each class in a folder of their own, or leave it out."
        )
    return CONDITIONINGS.build(config.conditional)
