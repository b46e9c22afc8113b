"""The generator of CycleGAN: residual blocks between down- and upsampling."""

import dataclasses
import math

import keras
from keras import layers

from gan_tf.networks import initialization
from gan_tf.networks.layers import activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import cropped_like, upsampling
from gan_tf.networks.spectral import spectral
from gan_tf.networks.translator import Translator, enlarged
from gan_tf.registry import ARCHITECTURES

_HALVINGS = 2


@ARCHITECTURES.register("resnet_translator")
@dataclasses.dataclass(eq=False)
class ResNetTranslator(Translator):
    """CycleGAN's generator (Zhu et al., 2017; Johnson et al., 2016): residual blocks at 1/4 size.

    A 7x7 convolution, two 3x3 of stride 2, residual blocks of two 3x3, two upsampling 3x3, and a 7x7
    with tanh. Convolutions of stride 1 pad by reflection; weights are from N(0, 0.02). It has no
    skip connections: outputs keep less of the source's detail than those of `unet`, and can change
    more of its shape. A smaller source is enlarged first.

    Source: https://arxiv.org/abs/1703.10593, appendix 7.2. Departure: instance normalization has a
    learned scale and offset.

    Args:
        width: channels of the first layer, default 64.
        blocks: residual blocks; default 0: as published, 6 for images smaller than 256 pixels and
            otherwise 9.
        generator_norm: "instance" (default), "batch", "layer" or "none".
        spectral_norm: as for other architectures, default "none".
        upsampling: "transposed" (default; 3x3 kernels, as published), or, against checkerboard
            patterns, "nearest", "bilinear" or "pixel_shuffle".
        generator_activation: default "relu".
        dropout: rate inside the blocks, 0 to below 1, default 0.
    """

    norms = ("instance", "batch", "layer", "none")

    width: int = 64
    blocks: int = 0
    generator_norm: str = "instance"
    spectral_norm: str = "none"
    upsampling: str = "transposed"
    generator_activation: str = "relu"
    dropout: float = 0.0

    def multiple(self, size):
        multiple = size.of_target().multiple(_HALVINGS)
        return multiple // math.gcd(multiple, size.scale)

    def translate(self, images, shape, size, condition=None):
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm, batch_norm=initialization.batch_norm)
        activate = activation(self.generator_activation)

        def linear():
            return initialization.linear(not norm.shifts)

        def normalized(x, filters, kernel):
            x = _reflected(x, kernel // 2)
            return norm.layer()(wrap(layers.Conv2D(filters, kernel, **linear()))(x))

        def block(x):
            inside = activate(normalized(x, x.shape[-1], 3))
            inside = layers.Dropout(self.dropout)(inside) if self.dropout else inside
            return layers.Add()([x, normalized(inside, x.shape[-1], 3)])

        x = activate(normalized(enlarged(images, size.scale), self.width, 7))
        larger = []
        for level in range(_HALVINGS):
            larger.append(x)
            strided = layers.Conv2D(self.width * 2 ** (level + 1), 3, 2, "same", **linear())
            x = activate(norm.layer()(wrap(strided)(x)))
        for _ in range(self.blocks or self._published_blocks(size.of_target())):
            x = block(x)
        while larger:
            filters = larger[-1].shape[-1]
            x = upsampling(self.upsampling, filters, wrap, transposed_kernel=3, **linear())(x)
            x = activate(norm.layer()(cropped_like(x, larger.pop())))
        last = layers.Conv2D(shape[-1], 7, **initialization.linear(True))
        x = wrap(last)(_reflected(x, 3))
        # float32 regardless of the precision of the preceding layers.
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    @staticmethod
    def _published_blocks(size):
        return 6 if min(size.height, size.width) < 256 else 9


def _reflected(x, pixels):
    """Pads a map by reflection, without repeating its border."""
    return keras.ops.pad(x, [[0, 0], [pixels, pixels], [pixels, pixels], [0, 0]], mode="reflect")
