"""MLP: the vanilla GAN of fully connected layers."""

import math

from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import spectral
from gan_tf.registries import ARCHITECTURES


@ARCHITECTURES.register("mlp")
class MLP(Architecture):
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

    def generate(self, latents, image_shape, modulate=None):
        modulate = modulate or (lambda x: x)
        x = latents
        for units in (self.width, 2 * self.width, 4 * self.width):
            x = layers.LeakyReLU(negative_slope=0.2)(modulate(layers.Dense(units)(x)))
        x = layers.Dense(math.prod(image_shape))(x)
        x = layers.Reshape(image_shape)(x)
        # float32 whatever the precision of the layers before.
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def judge(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        x = layers.Flatten()(images)
        x = layers.LeakyReLU(negative_slope=0.2)(wrap(layers.Dense(2 * self.width))(x))
        x = wrap(layers.Dense(self.width))(x)
        x = layers.LeakyReLU(negative_slope=0.2, name="features")(x)
        x = wrap(layers.Dense(1))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)
