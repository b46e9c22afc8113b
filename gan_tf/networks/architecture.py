"""The base of the architectures."""

import abc

import keras


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
