"""R3GAN: residual networks without normalization."""

import dataclasses
import math

import keras
from keras import layers

from gan_tf.networks.architecture import Architecture
from gan_tf.networks.filtering import FilteredDownsampling2D, FilteredUpsampling2D
from gan_tf.networks.layers import LeakyReLU
from gan_tf.networks.modulation import LearnedMap
from gan_tf.registry import ARCHITECTURES

_SMALLEST = 7  # the largest map to begin with
_BLOCKS = 2  # of each size
_SLOPE = 0.2


@ARCHITECTURES.register("r3gan")
@dataclasses.dataclass(eq=False)
class R3GAN(Architecture):
    """R3GAN (Huang et al., 2024): modern residual networks without normalization.

    The generator multiplies a learned 4x4 map (for 28 pixels: 7x7) by a linear function of the latent.
    Each size has two residual blocks: a 1x1 convolution to twice the channels, a 3x3 one, and a 1x1 one
    back, whose weights are 0 at first; biases and LeakyReLU(0.2) are between them. Between sizes maps
    are resampled through the filter [1, 3, 3, 1], and 1x1 convolutions change the channels: before
    upsampling, after downsampling. The discriminator mirrors it, and ends in a depthwise convolution of
    the whole map. Kernels are from N(0, g^2 / fan-in), where g of those in blocks is smaller the
    more blocks there are. It is meant for --loss=relativistic with --penalty=r1 and --penalty=r2. In half
    precision, the blocks of the smallest maps, except what labels modulate, and the end of the
    discriminator compute in float32.

    Published sizes for 64 pixels: --latent_dim=64 --arch="r3gan(width=384, max_width=768,
    group_width=16)". The defaults are for CPUs.

    Source: https://arxiv.org/abs/2501.05441, section 3; its filter [1, 2, 1], with the [1, 1] of a
    factor of 2, is [1, 3, 3, 1].

    Args:
        width: channels next to the image; they double with each halving of the map. Default 32.
        max_width: the most channels of a map, default 128.
        group_width: channels of a group in 3x3 convolutions, which must divide twice the channels of
            all maps; default 0: they are not grouped.
    """

    modalities = ("image",)
    image_sizes = (28, 32, 64, 128, 256)
    optimizer = "adam(2e-4, beta_1=0.0, beta_2=0.99, epsilon=1e-8)"

    width: int = 32
    max_width: int = 128
    group_width: int = 0

    def __post_init__(self):
        super().__post_init__()
        if self.max_width < 1 or self.group_width < 0:
            raise ValueError("max_width must be 1 or more, group_width 0 or more")
        narrowest = 2 * min(self.width, self.max_width)
        if self.group_width and (
            narrowest % self.group_width or 2 * self.max_width % self.group_width
        ):
            raise ValueError(f"group_width {self.group_width} does not divide twice the channels")

    def generate(self, latents, image_shape, modulate=None):
        sizes, channels = self._maps(image_shape[0])
        exact = {"dtype": "float32"}
        start = layers.Dense(channels[0], use_bias=False, kernel_initializer=_start(), **exact)
        scale = layers.Reshape((1, 1, channels[0]), **exact)(start(latents))
        learned = LearnedMap((sizes[0], sizes[0], channels[0]), **exact)(latents)
        x = layers.Multiply(**exact)([learned, scale])
        for level, width in enumerate(channels):
            if level:
                x = FilteredUpsampling2D()(_to_channels(x, width))
            for _ in range(_BLOCKS):
                x = self._block(x, len(sizes), _dtype(level), modulate)
        x = _convolution(image_shape[-1], 1)(x)
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def discriminate(self, images):
        sizes, channels = self._maps(images.shape[1])
        x = _convolution(channels[-1], 1)(images)
        for level in range(len(sizes) - 1, -1, -1):
            for _ in range(_BLOCKS):
                x = self._block(x, len(sizes), _dtype(level))
            if level:
                x = _to_channels(FilteredDownsampling2D()(x), channels[level - 1])
        x = layers.DepthwiseConv2D(
            sizes[0],
            use_bias=False,
            depthwise_initializer=keras.initializers.RandomNormal(0, 1 / sizes[0]),
            dtype="float32",
        )(x)
        x = layers.Flatten(name="features", dtype="float32")(x)
        x = layers.Dense(1, kernel_initializer=_start(), dtype="float32")(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def trunk(self):
        return R3GAN(self.width, self.max_width, self.group_width)

    def _block(self, x, sizes, dtype, modulate=None):
        """A residual block of a network for a number of sizes; a dtype of None is that of the policy."""
        width = x.shape[-1]
        gain = math.sqrt(2 / (1 + _SLOPE**2)) * (sizes * _BLOCKS) ** -0.25
        y = _convolution(2 * width, 1, gain, dtype=dtype)(x)
        y = LeakyReLU(negative_slope=_SLOPE, dtype=dtype)(modulate(y) if modulate else y)
        groups = 2 * width // self.group_width if self.group_width else 1
        y = _convolution(2 * width, 3, gain, groups, dtype)(y)
        y = LeakyReLU(negative_slope=_SLOPE, dtype=dtype)(y)
        last = layers.Conv2D(width, 1, use_bias=False, kernel_initializer="zeros", dtype=dtype)
        return layers.Add(dtype=dtype)([x, last(y)])

    def _maps(self, size):
        """The sizes of the maps, the smallest first, and their channels."""
        sizes = [size]
        while sizes[0] > _SMALLEST:
            sizes.insert(0, sizes[0] // 2)
        return sizes, [min(self.width * (size // each), self.max_width) for each in sizes]


def _start(gain=1.0):
    return keras.initializers.VarianceScaling(gain**2, "fan_in", "untruncated_normal")


def _dtype(level):
    """Of the blocks of a size, the smallest first; None: that of the policy."""
    return None if level else "float32"


def _convolution(filters, size, gain=1.0, groups=1, dtype=None):
    options = {"padding": "same", "kernel_initializer": _start(gain), "groups": groups}
    options["dtype"] = dtype
    return layers.Conv2D(filters, size, use_bias=size > 1 or gain != 1.0, **options)


def _to_channels(x, width):
    return x if x.shape[-1] == width else _convolution(width, 1)(x)
