"""MLP: the vanilla GAN of fully connected layers."""

import dataclasses
import math

from keras import layers

from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import MinibatchStddev, activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.spectral import spectral
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("mlp")
@dataclasses.dataclass(eq=False)
class MLP(Architecture):
    """Multi-layer perceptron (Goodfellow et al., 2014): fully connected layers only.

    Generator: latent -> width -> 2 width -> 4 width -> image, LeakyReLU(0.2), tanh.
    Discriminator: image -> 2 width -> width -> one logit, LeakyReLU(0.2). Normalization, if
    requested, precedes each activation except the discriminator's first.

    Source: https://arxiv.org/abs/1406.2661, with the layer sizes and activations common in
    MNIST tutorials.

    Args:
        width: units of the narrowest hidden layer of either network.
        spectral_norm: which networks have spectral normalization: "none" (default),
            "discriminator", "generator" or "both".
        generator_norm, discriminator_norm: "batch", "layer", "virtual_batch" or "none"
            (default).
        generator_activation, discriminator_activation: a Keras activation, such as "relu", or
            "prelu", whose slope is learned; "leaky_relu" has a slope of 0.2. Default
            "leaky_relu" in both.
        minibatch_stddev: group size of `MinibatchStddev` before the last layer of the
            discriminator; default 0: none.
    """

    light = True
    rectangular = True
    norms = ("batch", "layer", "virtual_batch", "none")

    width: int = 256
    spectral_norm: str = "none"
    generator_norm: str = "none"
    discriminator_norm: str = "none"
    generator_activation: str = "leaky_relu"
    discriminator_activation: str = "leaky_relu"
    minibatch_stddev: int = 0

    def generate(self, latents, image_shape, modulate=None):
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm, modulate)
        activate = activation(self.generator_activation)
        x = norm.begin(latents)
        for units in (self.width, 2 * self.width, 4 * self.width):
            x = wrap(layers.Dense(units, use_bias=not norm.shifts))(x)
            x = activate(norm.layer()(x))
        x = wrap(layers.Dense(math.prod(image_shape)))(norm.end(x))
        x = layers.Reshape(image_shape)(x)
        # float32 regardless of the precision of the preceding layers.
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm)
        activate = activation(self.discriminator_activation)
        x = layers.Flatten()(norm.begin(images))
        x = activate(wrap(layers.Dense(2 * self.width))(x))
        x = wrap(layers.Dense(self.width, use_bias=not norm.shifts))(x)
        x = norm.end(activate(norm.layer()(x)))
        if self.minibatch_stddev:
            x = MinibatchStddev(self.minibatch_stddev)(x)
        x = layers.Flatten(name="features")(x)
        x = wrap(layers.Dense(1))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)
