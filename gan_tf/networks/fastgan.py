"""FastGAN: few channels, gated upsampling, and maps that excite others of far higher resolution."""

import dataclasses

import keras
from keras import layers

from gan_tf.networks import initialization
from gan_tf.networks.architecture import MAPS, Architecture
from gan_tf.networks.convolution import Conv2D
from gan_tf.networks.layers import LeakyReLU
from gan_tf.networks.modulation import MapNoise
from gan_tf.networks.moments import BatchNormalization
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import upsampling
from gan_tf.networks.spectral import SpectralNormalization, spectral
from gan_tf.registry import ARCHITECTURES

# Channels of a generator's maps by their size, relative to the width.
_CHANNELS = {4: 16, 8: 8, 16: 4, 32: 2, 64: 2, 128: 1, 256: 0.5}
_WINDOW = 4  # height and width of the convolutions that end the discriminator
_GENERATOR_REACH = 4  # halvings between a map and the one that it excites: 16 times the size
_DISCRIMINATOR_REACH = 3


@ARCHITECTURES.register("fastgan")
@dataclasses.dataclass(eq=False)
class FastGAN(Architecture):
    """FastGAN (Liu et al., 2021): for few images, with skip-layer excitation.

    The generator projects the latent to a 4x4 map (for 28 pixels: 7x7). Each size has one 3x3
    convolution after nearest-neighbor upsampling, every second size two, with noise; each is followed
    by batch normalization and a gated linear unit. Skip-layer excitation scales the channels of a map
    by a function of one of a sixteenth of its size, or of the smallest. The discriminator halves maps
    by two convolutions beside average pooling and one, down to 8x8, excites maps by those of 8 times
    their size, and sees the image at half its size in a branch of its own. All layers have spectral
    normalization. It is meant for --loss=hinge with --trick=reconstruction and --trick=diff_augment.

    Published sizes: --latent_dim=256 --arch="fastgan(width=64)". The default is for CPUs.

    Source: https://arxiv.org/abs/2101.04775, section 3, and its code
    (https://github.com/odegeakw/FastGAN-pytorch); see docs/fastgan.md for the differences.

    Args:
        width: channels at 128 pixels; others have up to 16 times as many. Default 16.
        discriminator_norm: "batch" (default), "instance", "layer" or "none".
        spectral_norm: as for DCGAN, default "both".
    """

    modalities = ("image",)
    image_sizes = (28, 32, 64, 128, 256)
    norms = ("batch", "instance", "layer", "none")
    maps = True

    width: int = 16
    discriminator_norm: str = "batch"
    spectral_norm: str = "both"

    def generate(self, latents, image_shape, modulate=None):
        wrap = spectral(self.spectral_norm, "generator")
        sizes = _sizes(image_shape[0], 7)
        shape = (sizes[0], sizes[0], 2 * self._generator_channels(sizes[0]))
        project = layers.Dense(shape[0] * shape[1] * shape[2], **initialization.linear(False))
        x = layers.Reshape(shape)(wrap(project)(latents))
        maps = [_gated(x, modulate)]
        reach = min(_GENERATOR_REACH, len(sizes) - 1)
        for level, size in enumerate(sizes[1:], 1):
            x, twice = maps[-1], _nominal(size) in (8, 32, 128)
            for row in range(2 if twice else 1):
                channels = 2 * self._generator_channels(size)
                x = (_convolution(channels, 3, wrap) if row else _doubling(channels, wrap))(x)
                x = MapNoise(seed=2 * level + row)(x) if twice else x
                x = _gated(x, modulate)
            maps.append(_excited(x, maps[level - reach], wrap) if level >= reach else x)
        x = _convolution(image_shape[-1], 3, wrap)(maps[-1])
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm, batch_norm=initialization.batch_norm)
        seen, whole, small, parts = MAPS
        images = layers.Identity(dtype="float32", name=seen)(images)
        sizes = _sizes(images.shape[1], 8)[::-1]
        maps = [_leaky(_convolution(self._channels(sizes[0]), 3, wrap)(images))]
        reach = min(_DISCRIMINATOR_REACH, len(sizes) - 1)
        for level, size in enumerate(sizes[1:], 1):
            x = _halved(maps[-1], self._channels(size), wrap, norm)
            x = _excited(x, maps[level - reach], wrap) if level >= reach else x
            maps.append(layers.Identity(name=parts)(x) if size == sizes[-2] else x)
        x = layers.Identity(name=whole)(maps[-1])
        x = _normalized(x, norm, wrap, 2 * x.shape[-1], 1)
        other = layers.AveragePooling2D(2)(images)
        for size in sizes[2:]:
            channels = self._channels(2 * size)
            if size == sizes[2]:
                other = _leaky(_convolution(channels, 4, wrap, strides=2)(other))
            else:
                other = _normalized(other, norm, wrap, channels, 4, strides=2)
        ends = [_windows(each) for each in (x, layers.Identity(name=small)(other))]
        x = layers.Concatenate(name="features")(ends)
        x = wrap(layers.Dense(1, **initialization.linear(False)))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def trunk(self):
        return FastGAN(self.width, spectral_norm="none")

    def _generator_channels(self, size):
        return max(1, int(_CHANNELS[_nominal(size)] * self.width))

    def _channels(self, size):
        """The channels of a discriminator's maps of a size."""
        return max(1, 64 * self.width // _nominal(size))


def decoder(shape, image_shape, width, name):
    """Builds a decoder of a discriminator's maps into images, with spectral normalization.

    Source: Liu et al., 2021, section 3.2, and the authors' code.

    Args:
        shape: of the maps, (height, width, channels).
        image_shape: (height, width, channels), of which the sides are those of the maps times a
            power of 2.
        width: channels at 128 pixels; 32 as published.
        name: of the network.

    Returns:
        A functional `keras.Model`: (batch, *shape) -> float32 (batch, *image_shape) in [-1, 1].
    """
    inputs = x = keras.Input(shape)
    while x.shape[1] < image_shape[0]:
        size = 2 * x.shape[1]
        channels = max(1, int(2 * _CHANNELS[_nominal(size)] * width))
        x = _doubling(channels, SpectralNormalization)(x)
        x = _gated(x)
    x = _convolution(image_shape[-1], 3, SpectralNormalization)(x)
    return keras.Model(inputs, layers.Activation("tanh", dtype="float32")(x), name=name)


def _sizes(size, largest):
    """The sizes of maps, the smallest first, which is at most `largest`."""
    sizes = [size]
    while sizes[0] > largest:
        sizes.insert(0, sizes[0] // 2)
    return sizes


def _nominal(size):
    """The next power of 2."""
    return 1 << (size - 1).bit_length()


def _convolution(filters, size, wrap, **options):
    options = {"padding": "same"} | initialization.linear(False) | options
    return wrap(Conv2D(filters, size, **options))


def _doubling(filters, wrap):
    """Doubles the size, each pixel to four equal ones, then convolves with 3x3 kernels."""
    return upsampling("nearest", filters, wrap, **initialization.linear(False))


def _leaky(x):
    return LeakyReLU(negative_slope=0.2)(x)


def _normalized(x, norm, wrap, filters, size, **options):
    """A convolution, normalization, and LeakyReLU."""
    options |= {"use_bias": not norm.shifts}
    return _leaky(norm.layer()(_convolution(filters, size, wrap, **options)(x)))


def _gated(x, modulate=None):
    """Batch normalization and a gated linear unit, which halves the channels."""
    x = BatchNormalization(**initialization.batch_norm())(x)
    return keras.ops.glu(modulate(x) if modulate else x)


def _halved(x, channels, wrap, norm):
    """The mean of two ways to half the size: two convolutions, and average pooling with one."""
    main = _normalized(x, norm, wrap, channels, 4, strides=2)
    main = _normalized(main, norm, wrap, channels, 3)
    direct = _normalized(layers.AveragePooling2D(2)(x), norm, wrap, channels, 1)
    return layers.Average()([main, direct])


def _excited(x, other, wrap):
    """Skip-layer excitation: a map whose channels are scaled by a function of another map."""
    side = 7 if other.shape[1] % 7 == 0 else 4
    if other.shape[1] > side:
        other = layers.AveragePooling2D(other.shape[1] // side)(other)
    other = _convolution(x.shape[-1], side, wrap, padding="valid")(other)
    other = _convolution(x.shape[-1], 1, wrap)(layers.Activation("silu")(other))
    return layers.Multiply()([x, layers.Activation("sigmoid")(other)])


def _windows(x):
    """The mean of all windows of a map, flattened: what the mean of a convolution depends on."""
    return layers.Flatten()(layers.AveragePooling2D(x.shape[1] - _WINDOW + 1, strides=1)(x))
