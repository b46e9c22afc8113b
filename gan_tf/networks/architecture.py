"""The base class of the architectures."""

import abc

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.layers import activation
from gan_tf.networks.spectral import spectral

# Layers of a discriminator with `maps`: the image that it sees; its last map, which depends on the
# whole image; that of a branch that sees the image at half its size; and one of twice the size of the
# first, of which each quarter depends on a quarter of the image, mostly.
MAPS = ("map_seen", "map_whole", "map_small", "map_parts")
_PAIR_UNITS = 512  # of the hidden layers that depend on a latent
_PAIR_DROPOUT = 0.2  # on their inputs


class Options:
    """The base of what has options of networks: a dataclass of them.

    Attributes:
        norms: the normalizations that it supports; None: all.
        optimizer: the spec of its paper's optimizer, the default of both networks; "": no preference.

    Raises:
        UserError: for a width below 1, or a normalization that it does not support.
    """

    norms = None
    optimizer = ""
    spectral_norm = "none"

    def __post_init__(self):
        """Checks the fields of a dataclass."""
        options = vars(self)
        if options.get("width", 1) < 1:
            raise UserError(f"--width={self.width} is too small: it must be 1 or more.")
        for norm in (options.get("generator_norm"), options.get("discriminator_norm")):
            if self.norms and norm not in (None, *self.norms):
                raise UserError(
                    f"{type(self).__name__} has no normalization '{norm}'; it has: "
                    f"{', '.join(self.norms)}."
                )

    def latent_length(self, latent_dim, sample_shape):
        """Returns how many numbers a latent has; default: `latent_dim`.

        Args:
            latent_dim: as given by --latent_dim.
            sample_shape: the shape of one sample.
        """
        del sample_shape
        return latent_dim

    def linear(self, units, embeds=0, **options):
        """Returns a linear layer for the end of a discriminator, in the manner of its other layers.

        Args:
            units: of outputs.
            embeds: of an embedding of labels, which takes one-hot vectors, their length, and the
                outputs' inner product with features is a logit; default 0: it takes features.
            **options: for the layer.
        """
        del embeds
        return spectral(self.spectral_norm, "discriminator")(layers.Dense(units, **options))


class Architecture(Options, abc.ABC):
    """A matching generator and discriminator, for samples of many shapes.

    A subclass defines both as functions of Keras tensors, `generate` and `discriminate`, so that
    conditionings can combine them with layers of their own in one flat graph. It registers
    itself with `@ARCHITECTURES.register("name")`; its options are its constructor arguments, such as
    the fields of a dataclass, each with a field of the same name in `gan_tf.options.config.Config`.

    Attributes:
        modalities: names of the modalities it generates; (): any.
        source: "latent": what its generator makes images of.
        image_sizes: the square image sizes, in pixels, that it supports; None: any.
        rectangular: whether images need not be square: the shorter side is then one of
            `image_sizes` that is a power of two, the longer a multiple of a quarter of it.
        norms: the normalizations that it supports; None: all.
        styles: whether the generator has a space of styles (see `gan_tf.networks.styles`).
        maps: whether the discriminator has the layers `MAPS`, whose outputs can be decoded.
        light: whether training steps are so short that the overhead of calling them matters.
        label_first: whether an embedding of the label precedes the latent that `generate` takes, and
            does not follow it.
        extends: of videos, whether generators make ones that are longer than those of training, of longer
            latents that begin with the same numbers.
        moves: of videos, whether the first --latent_dim numbers of a latent are their content, the others
            their motion.
        spectral_norm: whose linear layers `gan_tf.networks.spectral.spectral` wraps.

    Raises:
        UserError: for a width below 1, or a normalization that it does not support.

    Example:

        generator = DCGAN(width=64).generator((28, 28, 1), 100)
    """

    source = "latent"
    modalities = ()
    image_sizes = None
    rectangular = False
    styles = False
    maps = False
    light = False
    label_first = False
    extends = False
    moves = False

    @abc.abstractmethod
    def generate(self, latents, image_shape, modulate=None):
        """Returns the images generated from latents.

        Args:
            latents: a Keras tensor (batch, n).
            image_shape: (height, width, channels).
            modulate: None, or a shape-preserving function of feature maps (batch, ...,
                channels), applied to each hidden feature map right after its normalization,
                or where that would be.

        Returns:
            A Keras tensor (batch, H, W, C), float32 in [-1, 1], of a layer named "images".
        """

    @abc.abstractmethod
    def discriminate(self, images):
        """Returns a discriminator's logits for images.

        A layer named "features" outputs (batch, n), the input of the logits layer.

        Args:
            images: a Keras tensor (batch, H, W, C).

        Returns:
            A Keras tensor (batch, 1), float32, of a layer named "logits"; of several discriminators in
            one network, with a column for each.
        """

    def encode(self, images, units):
        """Returns an encoder's output for images: the trunk of `discriminate` and a linear layer.

        The trunk has this architecture's width and otherwise the default options: those that help
        an adversary (spectral normalization, no batch normalization, minibatch statistics) need
        not help an encoder. A layer named "features" outputs (batch, n), the input of the last.

        Args:
            images: a Keras tensor (batch, H, W, C), an input.
            units: the number of output values.

        Returns:
            A Keras tensor (batch, units), float32, of a layer named "codes".
        """
        features = self.trunk().features(images)
        return layers.Dense(units, dtype="float32", name="codes")(features)

    def trunk(self):
        """Returns the architecture whose discriminator is the trunk of encoders; see `encode`."""
        return type(self)(**{"width": self.width} if hasattr(self, "width") else {})

    def discriminate_pair(self, images, latents):
        """Returns a discriminator's logits for pairs of an image and a latent.

        The image's features and the output of two hidden layers on the latent are concatenated and
        followed by two more, with dropout before each of these layers except the latent's first.

        Source: Dumoulin et al., "Adversarially Learned Inference", 2017
        (https://arxiv.org/abs/1606.00704), appendix A: a stack for the image, one for the latent,
        one for both, with a dropout of 0.2.

        Args:
            images: a Keras tensor (batch, H, W, C), an input.
            latents: a Keras tensor (batch, n).

        Returns:
            A Keras tensor (batch, 1), float32, of a layer named "logits". A layer named "features"
            depends only on the images.
        """
        activate = activation("leaky_relu")

        def hidden(x):
            return activate(self.linear(_PAIR_UNITS)(x))

        def dropped(x):
            return layers.Dropout(_PAIR_DROPOUT)(x)

        latents = hidden(dropped(hidden(latents)))
        joined = layers.Concatenate()([self.features(images), latents])
        for _ in range(2):
            joined = hidden(dropped(joined))
        logits = self.linear(1)(dropped(joined))
        return layers.Activation("linear", dtype="float32", name="logits")(logits)

    def features(self, images):
        """Returns the features from which `discriminate` computes its logits, (batch, n)."""
        return self.discriminator_of(images).get_layer("features").output

    def generator(self, image_shape, latent_dim):
        """Builds the generator: (batch, latent_dim) -> (batch, H, W, C) in [-1, 1]."""
        latents = keras.Input((latent_dim,), name="latent")
        return keras.Model(latents, self.generate(latents, image_shape), name="generator")

    def discriminator(self, image_shape):
        """Builds the discriminator: (batch, H, W, C) in [-1, 1] -> (batch, 1) logits."""
        return self.discriminator_of(keras.Input(image_shape, name="images"))

    def discriminator_of(self, images):
        """Builds the discriminator on a Keras tensor (batch, H, W, C), an input."""
        return keras.Model(images, self.discriminate(images), name="discriminator")
