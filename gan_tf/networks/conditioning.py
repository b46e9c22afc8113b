"""Conditioning: how networks that know no labels are told which class to make or judge.

A conditioning builds flat models around the functions of any architecture:

    generator(architecture, image_shape, latent_dim, num_classes)
        -> model: [(batch, latent_dim), (batch,) int labels] -> (batch, H, W, C) in [-1, 1]
    discriminator(architecture, image_shape, num_classes)
        -> model: [(batch, H, W, C), (batch,) int labels] -> (batch, 1) logits
"""

import math

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.registries import CONDITIONINGS


@CONDITIONINGS.register("concat")
class Concat:
    """Labels as further inputs (Mirza and Osindero, 2014): an embedding beside latent and image.

    The generator's latent is lengthened by an embedding of the label; the discriminator's
    image gets one more channel, made from an embedding of its own.

    Source: https://arxiv.org/abs/1411.1784, section 3.2; the channel as in its convolutional
    descendants.

    Args:
        embedding_dim: length of the embeddings, from 1, default 50.
    """

    def __init__(self, embedding_dim: int = 50):
        if embedding_dim < 1:
            raise UserError(f"concat({embedding_dim}) embeds nothing: it must be 1 or more.")
        self.embedding_dim = embedding_dim

    def generator(self, architecture, image_shape, latent_dim, num_classes):
        """Builds the conditional generator; see the module."""
        latents, labels = keras.Input((latent_dim,), name="latent"), _labels_input()
        embedded = layers.Embedding(num_classes, self.embedding_dim)(labels)
        images = architecture.generate(layers.Concatenate()([latents, embedded]), image_shape)
        return keras.Model([latents, labels], images, name="generator")

    def discriminator(self, architecture, image_shape, num_classes):
        """Builds the conditional discriminator; see the module."""
        plane_shape = (*image_shape[:-1], 1)
        images, labels = keras.Input(image_shape, name="images"), _labels_input()
        embedded = layers.Embedding(num_classes, self.embedding_dim)(labels)
        plane = layers.Reshape(plane_shape)(layers.Dense(math.prod(plane_shape))(embedded))
        logits = architecture.judge(layers.Concatenate()([images, plane]))
        return keras.Model([images, labels], logits, name="discriminator")


def _labels_input():
    return keras.Input((), dtype="int32", name="label")
