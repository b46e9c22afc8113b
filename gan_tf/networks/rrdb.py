"""RRDBNet: the generator of ESRGAN."""

import dataclasses

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.layers import activation
from gan_tf.networks.resampling import upsampling
from gan_tf.networks.spectral import spectral
from gan_tf.networks.super_resolution import SuperResolution
from gan_tf.registry import ARCHITECTURES

_SCALING = 0.2  # of residuals


@ARCHITECTURES.register("rrdb")
@dataclasses.dataclass(eq=False)
class RRDB(SuperResolution):
    """RRDBNet (Wang et al., 2018), ESRGAN's generator: super-resolution by 1, 2, 4 or 8.

    Residual-in-residual dense blocks, without normalization: each of three dense blocks of five 3x3
    convolutions, which see the outputs of all those before; residuals are scaled by 0.2, of dense
    blocks and of the whole. A 3x3 convolution before and after; then each doubling repeats pixels
    and convolves; and two 3x3. Biases start at 0, kernels of dense blocks from He initialization (He
    et al., 2015) times 0.1, others uniform with variance 1 / (3 fan in), as in PyTorch.

    Source: https://arxiv.org/abs/1809.00219, sections 3.1 and 4.1, and the authors' code. Departure:
    `residual`.

    Args:
        width: channels between blocks, default 64.
        blocks: residual-in-residual blocks, default 23.
        growth: channels of each dense convolution but the last of its block, default 32.
        spectral_norm: as for other architectures, default "none".
        upsampling: "nearest" (default), "bilinear", "pixel_shuffle" or "transposed".
        generator_activation: default "leaky_relu".
        residual: whether the output is added to the enlarged source, default true; with other
            numbers of channels (except one in the source) it is not.
    """

    width: int = 64
    blocks: int = 23
    growth: int = 32
    spectral_norm: str = "none"
    upsampling: str = "nearest"
    generator_activation: str = "leaky_relu"
    residual: bool = True

    def __post_init__(self):
        super().__post_init__()
        if self.growth < 1:
            raise UserError(f"rrdb(growth={self.growth}): it must be 1 or more.")

    def translate(self, images, shape, size, condition=None):
        wrap = spectral(self.spectral_norm, "generator")
        activate = activation(self.generator_activation)
        doublings = self.doublings(size)

        def convolved(x, filters, kernel=_default_kernel):
            options = {"padding": "same", "kernel_initializer": kernel()}
            return wrap(layers.Conv2D(filters, 3, **options))(x)

        def dense(x):
            seen = [x]
            for _ in range(4):
                joined = layers.Concatenate()(seen) if len(seen) > 1 else x
                seen.append(activate(convolved(joined, self.growth, _small_kernel)))
            last = convolved(layers.Concatenate()(seen), self.width, _small_kernel)
            return _scaled_sum(x, last)

        x = first = convolved(images, self.width)
        for _ in range(self.blocks):
            x = _scaled_sum(x, dense(dense(dense(x))))
        x = layers.Add()([first, convolved(x, self.width)])
        for _ in range(doublings):
            options = {"kernel_initializer": _default_kernel()}
            x = activate(upsampling(self.upsampling, self.width, wrap, **options)(x))
        x = activate(convolved(x, self.width))
        return self.output(x, images, shape[-1], 3, size)


def _scaled_sum(x, residual):
    """Returns x + 0.2 residual."""
    return layers.Add()([x, layers.Rescaling(_SCALING)(residual)])


def _small_kernel():
    return keras.initializers.VarianceScaling(2 * 0.1**2, "fan_in", "untruncated_normal")


def _default_kernel():
    return keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")
