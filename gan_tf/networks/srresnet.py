"""SRResNet: the generator of SRGAN."""

import dataclasses

from keras import layers

from gan_tf.networks.layers import activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import upsampling
from gan_tf.networks.spectral import spectral
from gan_tf.networks.super_resolution import SuperResolution
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("srresnet")
@dataclasses.dataclass(eq=False)
class SRResNet(SuperResolution):
    """SRResNet (Ledig et al., 2017), SRGAN's generator: super-resolution by 1, 2, 4 or 8.

    A 9x9 convolution, residual blocks of two 3x3 in the size of the source, a 3x3 whose output is
    added to that of the first layer, a 3x3 with pixel shuffle for each doubling, and a 9x9. At a
    factor of 1 it restores images, as in denoising.

    Source: https://arxiv.org/abs/1609.04802, figure 4. Departures: no normalization by default (batch
    normalization in the paper), which removes the contrast of an image or ties it to its batch (Lim
    et al., 2017, https://arxiv.org/abs/1707.02921); and `residual`.

    Args:
        width: channels, default 64.
        blocks: residual blocks, default 16.
        generator_norm: "none" (default), "batch" (as published), "instance" or "layer".
        spectral_norm: as for other architectures, default "none".
        upsampling: "pixel_shuffle" (default), "nearest", "bilinear" or "transposed".
        generator_activation: default "prelu".
        residual: whether the output is added to the enlarged source, default true; with other
            numbers of channels (except one in the source) it is not.
    """

    norms = ("none", "batch", "instance", "layer")

    width: int = 64
    blocks: int = 16
    generator_norm: str = "none"
    spectral_norm: str = "none"
    upsampling: str = "pixel_shuffle"
    generator_activation: str = "prelu"
    residual: bool = True

    def translate(self, images, shape, size, condition=None):
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm)
        activate = activation(self.generator_activation)
        doublings = self.doublings(size)

        def normalized(x):
            convolution = layers.Conv2D(self.width, 3, padding="same", use_bias=not norm.shifts)
            return norm.layer()(wrap(convolution)(x))

        x = first = activate(wrap(layers.Conv2D(self.width, 9, padding="same"))(images))
        for _ in range(self.blocks):
            x = layers.Add()([x, normalized(activate(normalized(x)))])
        x = layers.Add()([first, normalized(x)])
        for _ in range(doublings):
            x = activate(upsampling(self.upsampling, self.width, wrap)(x))
        return self.output(x, images, shape[-1], 9, size)
