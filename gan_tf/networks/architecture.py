"""The base of the architectures."""

import abc

import keras
from keras import layers

from gan_tf.networks.layers import activation
from gan_tf.networks.spectral import spectral

_PAIR_UNITS = 512  # of the hidden layers that see a latent
_PAIR_DROPOUT = 0.2  # of what they read


class Architecture(abc.ABC):
    """A generator and a discriminator that belong together, for samples of many shapes.

    A subclass writes both as functions of Keras tensors, `generate` and `judge`, so that
    conditionings can build one flat graph of them and of layers of their own. It registers
    itself with `@ARCHITECTURES.register("name")`; its options are the arguments of its
    constructor, each of them a field of `gan_tf.options.config.Config` of the same name.

    Attributes:
        modalities: names of the modalities that it makes samples of; (): any.
        image_sizes: the square image sizes, in pixels, that it can make; None: any.
        light: whether a training step takes so little that calling it is felt.
        spectral_norm: whose linear layers `gan_tf.networks.spectral.spectral` wraps.

    Example:

        generator = DCGAN(width=64).generator((28, 28, 1), 100)
    """

    modalities = ()
    image_sizes = None
    light = False
    spectral_norm = "none"

    @abc.abstractmethod
    def generate(self, latents, image_shape, modulate=None):
        """Returns the images that a generator makes of latents.

        Args:
            latents: a Keras tensor (batch, n).
            image_shape: (height, width, channels).
            modulate: None, or a function of feature maps (batch, ..., channels) that
                returns others of the same shape: it is applied to each hidden feature map
                right after its normalization, or where that would stand.

        Returns:
            A Keras tensor (batch, H, W, C), float32 in [-1, 1], of a layer named "images".
        """

    @abc.abstractmethod
    def judge(self, images):
        """Returns a discriminator's logits of images.

        A layer named "features" gives (batch, n), which the layer of the logits reads.

        Args:
            images: a Keras tensor (batch, H, W, C).

        Returns:
            A Keras tensor (batch, 1), float32, of a layer named "logits".
        """

    def encode(self, images, units):
        """Returns what an encoder computes of images: the trunk of `judge`, and a linear layer.

        The trunk has the width of this architecture and is otherwise as by default: what is good
        for an adversary (spectral normalization, no batch normalization, minibatch statistics)
        need not be good here. A layer named "features" gives (batch, n), which the last reads.

        Args:
            images: a Keras tensor (batch, H, W, C), an input.
            units: how many values it gives.

        Returns:
            A Keras tensor (batch, units), float32, of a layer named "codes".
        """
        options = {"width": self.width} if hasattr(self, "width") else {}
        features = type(self)(**options).features(images)
        return layers.Dense(units, dtype="float32", name="codes")(features)

    def judge_pair(self, images, latents):
        """Returns a discriminator's logits of pairs of an image and a latent.

        The features of the image and two hidden layers of the latent are joined by two more, with
        dropout before each of these layers but the latent's first.

        Source: Dumoulin et al., "Adversarially Learned Inference", 2017
        (https://arxiv.org/abs/1606.00704), appendix A: a stack for the image, one for the latent,
        one for both, with a dropout of 0.2.

        Args:
            images: a Keras tensor (batch, H, W, C), an input.
            latents: a Keras tensor (batch, n).

        Returns:
            A Keras tensor (batch, 1), float32, of a layer named "logits". A layer named "features"
            depends on the images alone.
        """
        wrap = spectral(self.spectral_norm, "discriminator")
        activate = activation("leaky_relu")

        def hidden(x):
            return activate(wrap(layers.Dense(_PAIR_UNITS))(x))

        def dropped(x):
            return layers.Dropout(_PAIR_DROPOUT)(x)

        latents = hidden(dropped(hidden(latents)))
        joined = layers.Concatenate()([self.features(images), latents])
        for _ in range(2):
            joined = hidden(dropped(joined))
        logits = wrap(layers.Dense(1))(dropped(joined))
        return layers.Activation("linear", dtype="float32", name="logits")(logits)

    def features(self, images):
        """Returns the features that `judge` reads its logits from, (batch, n)."""
        return self.discriminator_of(images).get_layer("features").output

    def generator(self, image_shape, latent_dim):
        """Builds the generator: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1]."""
        latents = keras.Input((latent_dim,), name="latent")
        return keras.Model(latents, self.generate(latents, image_shape), name="generator")

    def discriminator(self, image_shape):
        """Builds the discriminator: (batch, H, W, C) in [-1, 1] -> (batch, 1) logits."""
        return self.discriminator_of(keras.Input(image_shape, name="images"))

    def discriminator_of(self, images):
        """Builds the discriminator of a Keras tensor (batch, H, W, C), an input."""
        return keras.Model(images, self.judge(images), name="discriminator")
