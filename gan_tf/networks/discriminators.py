"""Discriminators of images, or of pairs of images, that go with any translator."""

import abc
import dataclasses

from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks import initialization
from gan_tf.networks.architecture import Options
from gan_tf.networks.convolution import Conv2D
from gan_tf.networks.layers import activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.spectral import spectral
from gan_tf.registry import DISCRIMINATORS

_MAX_FACTOR = 8  # of the width, in deep layers


class ImageDiscriminator(Options, abc.ABC):
    """The base class: a function of images.

    A subclass registers itself with `@DISCRIMINATORS.register("name")`; its options are its
    constructor arguments, such as the fields of a dataclass.

    Attributes:
        has_features: whether it has a layer named "features", a vector from which pairs can be classified.
    """

    has_features = False

    @abc.abstractmethod
    def discriminate(self, images):
        """Returns logits.

        Args:
            images: a Keras tensor (batch, H, W, C), the channels of both images of a pair.

        Returns:
            A Keras tensor (batch, h, w, 1) or (batch, 1), float32, of a layer named "logits".

        Raises:
            UserError: when the images are too small.
        """

    def _parts(self):
        """The wrapper of linear layers, the `Normalizer` and the activation that the options name."""
        return (
            spectral(self.spectral_norm, "discriminator"),
            normalizer(self.discriminator_norm, batch_norm=initialization.batch_norm),
            activation(self.discriminator_activation),
        )


@DISCRIMINATORS.register("patchgan")
@dataclasses.dataclass(eq=False)
class PatchGAN(ImageDiscriminator):
    """PatchGAN (Isola et al., 2017): a logit for each overlapping patch.

    `layers` 4x4 convolutions of stride 2, one of stride 1, and one of stride 1 for the logits. A
    logit sees 16, 34, 70, 142 or 286 pixels for 1 to 5 layers.

    Source: https://arxiv.org/abs/1611.07004, appendix 6.1.2. Instance normalization by default, where
    the paper has batch normalization; the first layer and the last have none. Maps of odd size are
    halved rounding up, where the authors' code rounds down.

    Args:
        layers: 1 to 5, default 3, for images of 256 pixels; 1 or 2 correspond to it at 64.
        width: channels of the first layer, default 64; they double with each, up to 8 times.
        discriminator_norm: "instance" (default), "batch", "layer" or "none".
        spectral_norm: as for architectures, default "none".
        discriminator_activation: default "leaky_relu".
    """

    norms = ("instance", "batch", "layer", "none")

    layers: int = 3
    width: int = 64
    discriminator_norm: str = "instance"
    spectral_norm: str = "none"
    discriminator_activation: str = "leaky_relu"

    def __post_init__(self):
        super().__post_init__()
        if not 1 <= self.layers <= 5:
            raise UserError(f"patchgan(layers={self.layers}): give 1 to 5 layers.")

    def discriminate(self, images):
        smallest = 2 ** (self.layers + 1) + 1  # halved and rounded up, at least 3
        if min(images.shape[1:3]) < smallest:
            raise UserError(
                f"patchgan(layers={self.layers}) needs images of at least {smallest} pixels: choose "
                "fewer layers, or a larger --image_size."
            )
        wrap, norm, activate = self._parts()
        x = images
        for level in range(self.layers):
            options = initialization.linear(not (level and norm.shifts))
            x = wrap(Conv2D(self._filters(level), 4, 2, "same", **options))(x)
            x = activate(norm.layer()(x) if level else x)
        # With a pixel of padding on every side, as in the authors' code.
        options = initialization.linear(not norm.shifts)
        convolution = layers.Conv2D(self._filters(self.layers), 4, **options)
        x = activate(norm.layer()(wrap(convolution)(layers.ZeroPadding2D(1)(x))))
        convolution = layers.Conv2D(1, 4, **initialization.linear(True))
        x = wrap(convolution)(layers.ZeroPadding2D(1)(x))
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def _filters(self, level):
        return self.width * min(2**level, _MAX_FACTOR)


@DISCRIMINATORS.register("pixel")
@dataclasses.dataclass(eq=False)
class Pixel(ImageDiscriminator):
    """PixelGAN (Isola et al., 2017): a logit for each pixel, from its colors alone.

    Three 1x1 convolutions.

    Source: https://arxiv.org/abs/1611.07004, appendix 6.1.2, and the authors' code, which normalizes
    the second layer. Instance normalization by default, where the paper has batch normalization.

    Args:
        width: channels of the first layer, default 64; the second has twice as many.
        discriminator_norm: "instance" (default), "batch", "layer" or "none".
        spectral_norm: as for architectures, default "none".
        discriminator_activation: default "leaky_relu".
    """

    norms = ("instance", "batch", "layer", "none")

    width: int = 64
    discriminator_norm: str = "instance"
    spectral_norm: str = "none"
    discriminator_activation: str = "leaky_relu"

    def discriminate(self, images):
        wrap, norm, activate = self._parts()
        x = activate(wrap(layers.Conv2D(self.width, 1, **initialization.linear(True)))(images))
        options = initialization.linear(not norm.shifts)
        x = activate(norm.layer()(wrap(layers.Conv2D(2 * self.width, 1, **options))(x)))
        x = wrap(layers.Conv2D(1, 1, **initialization.linear(True)))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)


@DISCRIMINATORS.register("vgg")
@dataclasses.dataclass(eq=False)
class VGG(ImageDiscriminator):
    """The discriminator of SRGAN (Ledig et al., 2017): one logit for the whole image.

    Pairs of 3x3 convolutions, the second of stride 2, four times, with 1, 2, 4 and 8 times `width`
    channels (fewer times where the maps would have less than 2 pixels); then 1024 units and the logit.

    Source: https://arxiv.org/abs/1609.04802, figure 4. Instance normalization by default, where the
    paper has batch normalization; the first layer has none. The weights fit one size of image.

    Args:
        width: channels of the first layer, default 64.
        discriminator_norm: "instance" (default), "batch", "layer" or "none".
        spectral_norm: as for architectures, default "none".
        discriminator_activation: default "leaky_relu", with slope 0.2.
    """

    norms = ("instance", "batch", "layer", "none")

    width: int = 64
    discriminator_norm: str = "instance"
    spectral_norm: str = "none"
    discriminator_activation: str = "leaky_relu"

    def discriminate(self, images):
        wrap, norm, activate = self._parts()
        x = images
        for stage in range(4):
            if min(x.shape[1:3]) < 3:
                break
            for strides in (1, 2):
                first = (stage, strides) == (0, 1)
                options = {"padding": "same", **initialization.linear(first or not norm.shifts)}
                x = wrap(layers.Conv2D(self.width * 2**stage, 3, strides, **options))(x)
                x = activate(x if first else norm.layer()(x))
        x = layers.Flatten()(x)
        x = activate(wrap(layers.Dense(1024, **initialization.linear(True)))(x))
        x = wrap(layers.Dense(1, **initialization.linear(True)))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)


@DISCRIMINATORS.register("zi2zi")
@dataclasses.dataclass(eq=False)
class Zi2ZiDiscriminator(ImageDiscriminator):
    """The discriminator of zi2zi (Tian, 2017): one logit for the whole pair, and features of it.

    Three convolutions of stride 2, one of stride 1, and a dense layer for the logit. Its features are
    the last maps. The weights fit one size of image.

    Source: https://github.com/kaonashi-tyc/zi2zi. Instance normalization by default, where the authors
    have batch normalization; the first layer has none.

    Args:
        width: channels of the first layer, default 64; they double with each.
        kernel: side of the convolutions, 2 to 9, default 5.
        discriminator_norm: "instance" (default), "batch", "layer" or "none".
        spectral_norm: as for architectures, default "none".
        discriminator_activation: default "leaky_relu".
    """

    has_features = True
    norms = ("instance", "batch", "layer", "none")

    width: int = 64
    kernel: int = 5
    discriminator_norm: str = "instance"
    spectral_norm: str = "none"
    discriminator_activation: str = "leaky_relu"

    def __post_init__(self):
        super().__post_init__()
        if not 2 <= self.kernel <= 9:
            raise UserError(f"zi2zi(kernel={self.kernel}): give a side from 2 to 9.")

    def discriminate(self, images):
        wrap, norm, activate = self._parts()
        x = images
        for level, stride in enumerate((2, 2, 2, 1)):
            if level and min(x.shape[1:3]) < 2:
                raise UserError(
                    "The discriminator 'zi2zi' needs images of at least 9 pixels: choose a larger "
                    "--image_size."
                )
            options = initialization.linear(not (level and norm.shifts))
            filters = self.width * 2**level
            x = wrap(Conv2D(filters, self.kernel, stride, "same", **options))(x)
            x = activate(norm.layer()(x) if level else x)
        x = layers.Flatten(name="features")(x)
        x = wrap(layers.Dense(1, **initialization.linear(True)))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)
