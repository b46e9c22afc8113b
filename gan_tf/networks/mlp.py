"""MLP: the vanilla GAN of fully connected layers."""

import math

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.layers import spectral
from gan_tf.registries import ARCHITECTURES


@ARCHITECTURES.register("mlp")
class MLP:
    """Multi-layer perceptron (Goodfellow et al., 2014): fully connected layers only.

    Generator: latent -> width -> 2 width -> 4 width -> image, LeakyReLU(0.2), tanh.
    Discriminator: image -> 2 width -> width -> one logit, LeakyReLU(0.2).

    Source: https://arxiv.org/abs/1406.2661, with the layer sizes and activations that
    tutorials on MNIST have settled on.

    Args:
        width: units of the narrowest hidden layer of either network.
        spectral_norm: "none" (default), or "discriminator" for spectral normalization of all
            its layers.
    """

    image_sizes = None

    def __init__(self, width: int = 256, spectral_norm: str = "none"):
        if width < 1:
            raise UserError(f"A width of {width} makes no layer: it must be 1 or more.")
        self.width = width
        self.spectral_norm = spectral_norm

    def generator(self, image_shape, latent_dim):
        """Builds the generator: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1]."""
        x = latents = keras.Input((latent_dim,), name="latent")
        for units in (self.width, 2 * self.width, 4 * self.width):
            x = layers.LeakyReLU(negative_slope=0.2)(layers.Dense(units)(x))
        x = layers.Dense(math.prod(image_shape))(x)
        x = layers.Reshape(image_shape)(x)
        # float32 whatever the precision of the layers before.
        images = layers.Activation("tanh", dtype="float32", name="images")(x)
        return keras.Model(latents, images, name="generator")

    def discriminator(self, image_shape):
        """Builds the discriminator: (batch, H, W, C) in [-1, 1] -> (batch, 1) logits."""
        wrap = spectral(self.spectral_norm, "discriminator")
        images = keras.Input(image_shape, name="images")
        x = layers.Flatten()(images)
        for units in (2 * self.width, self.width):
            x = layers.LeakyReLU(negative_slope=0.2)(wrap(layers.Dense(units))(x))
        x = wrap(layers.Dense(1))(x)
        logits = layers.Activation("linear", dtype="float32", name="logits")(x)
        return keras.Model(images, logits, name="discriminator")
