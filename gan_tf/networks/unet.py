"""U-Net: an encoder and a decoder with skip connections."""

import dataclasses
import functools
import math

from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks import initialization
from gan_tf.networks.convolution import Conv2D
from gan_tf.networks.layers import activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import cropped_like, upsampling
from gan_tf.networks.spectral import spectral
from gan_tf.networks.translator import Translator, enlarged
from gan_tf.registry import ARCHITECTURES

_MAX_LEVELS = 8
_MAX_FACTOR = 8  # of the width, in deep levels
_DROPPED = 3  # decoder blocks with dropout


@ARCHITECTURES.register("unet")
@dataclasses.dataclass(eq=False)
class UNet(Translator):
    """U-Net (Ronneberger et al., 2015), as in pix2pix (Isola et al., 2017): skips at every size.

    Each level halves the maps, rounding up, with a strided 4x4 convolution, until the shorter side
    has one pixel, at most 8 times (256 pixels: 8 levels, 64: 6, 28: 5, with maps of 14, 7, 4, 2 and 1
    pixels). The decoder mirrors it, and sees the encoder's map of the same size beside its own.
    LeakyReLU(0.2) on the way down, ReLU on the way up; weights from N(0, 0.02). Neither the first
    level nor the last is normalized: of one pixel, instance normalization would give 0. Channels
    double with each level, up to 8 times the width. A smaller source is enlarged first.

    Source: https://arxiv.org/abs/1611.07004, appendix 6.1.1. Departures: instance normalization by
    default, so that an output does not depend on the rest of its batch (the paper has batch
    normalization, by the statistics of the test batch), and dropout in training only.

    Args:
        width: channels of the first level, default 64.
        generator_norm: "instance" (default), "batch", "layer" or "none".
        spectral_norm: as for other architectures, default "none".
        upsampling: "transposed" (default), "pixel_shuffle", "nearest" or "bilinear".
        generator_activation: of the decoder, default "relu".
        dropout: rate in the first three blocks of the decoder, 0 to below 1, default 0.5.
        kernel: side of the convolutions, from 2, default 4; zi2zi: 5.
    """

    takes_labels = True
    norms = ("instance", "batch", "layer", "none")

    width: int = 64
    generator_norm: str = "instance"
    spectral_norm: str = "none"
    upsampling: str = "transposed"
    generator_activation: str = "relu"
    dropout: float = 0.5
    kernel: int = 4

    def __post_init__(self):
        super().__post_init__()
        if not 2 <= self.kernel <= 9:
            raise UserError(f"unet(kernel={self.kernel}): give a side from 2 to 9.")

    def multiple(self, size):
        multiple = size.of_target().multiple(self.levels(size))
        return multiple // math.gcd(multiple, size.scale)

    def levels(self, size):
        """Returns how often the maps are halved, given the `Size` of training."""
        shorter = min(size.height, size.width) * size.scale
        halvings = (shorter - 1).bit_length()  # the binary logarithm, rounded up
        return max(1, min(halvings, _MAX_LEVELS))

    def translate(self, images, shape, size, condition=None):
        wrap = spectral(self.spectral_norm, "generator")
        norms = {"kind": self.generator_norm, "batch_norm": initialization.batch_norm}
        norm = normalizer(**norms)
        down, up = activation("leaky_relu"), activation(self.generator_activation)
        levels = self.levels(size)
        widths = [self.width * min(2**level, _MAX_FACTOR) for level in range(levels)]
        maps = [enlarged(images, size.scale)]  # of the encoder
        for level, filters in enumerate(widths):
            normalized = 0 < level < levels - 1
            options = initialization.linear(not (normalized and norm.shifts))
            x = down(maps[-1]) if level else maps[-1]
            x = wrap(Conv2D(filters, self.kernel, strides=2, padding="same", **options))(x)
            maps.append(norm.layer()(x) if normalized else x)
        x = maps.pop()
        if condition:
            x, norm = condition.join(x), normalizer(**norms, modulate=condition.modulate)
        enlarge = functools.partial(upsampling, self.upsampling, transposed_kernel=self.kernel)
        for level in reversed(range(1, levels)):
            options = initialization.linear(not norm.shifts)
            x = enlarge(widths[level - 1], wrap, **options)(up(x))
            x = norm.layer()(cropped_like(x, maps[-1]))
            if self.dropout and level >= levels - _DROPPED:
                x = layers.Dropout(self.dropout)(x)
            x = layers.Concatenate()([x, maps.pop()])
        x = enlarge(shape[-1], wrap, **initialization.linear(True))(up(x))
        x = cropped_like(x, maps.pop())
        # float32 regardless of the precision of the preceding layers.
        return layers.Activation("tanh", dtype="float32", name="images")(x)
