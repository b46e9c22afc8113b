"""StyleGAN2: a style-based generator and a residual discriminator."""

import dataclasses
import math

from keras import layers

from gan_tf.latents.priors import Spherical
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.equalized import GAIN, EqualizedConv2D, EqualizedDense, ScaledLeakyReLU
from gan_tf.networks.filtering import FilteredDownsampling2D, FilteredUpsampling2D
from gan_tf.networks.layers import MinibatchStddev
from gan_tf.networks.modulation import LearnedMap, MapNoise, ModulatedConv2D, Style
from gan_tf.networks.styles import AVERAGE, STYLES, InRange, MeanW
from gan_tf.registry import ARCHITECTURES

_RATE = 0.01  # of the mapping network, relative to the others
_SMALLEST = 7  # the largest map to begin with


@ARCHITECTURES.register("stylegan2")
@dataclasses.dataclass(eq=False)
class StyleGAN2(Architecture):
    """StyleGAN2 (Karras et al., 2020): styles scale the kernels of the generator's convolutions.

    A mapping network of fully connected layers turns the latent, scaled to unit mean square, into w.
    The synthesis network begins with a learned 4x4 map (for 28 pixels: 7x7). Each size has two 3x3
    convolutions (the smallest one), scaled by styles that are affine functions of w and
    demodulated, each followed by noise, bias and LeakyReLU(0.2) times sqrt(2); a 1x1 convolution makes
    an image of each map, and the sum of these, each upsampled, is the output. The discriminator has
    residual blocks of two 3x3 convolutions, minibatch standard deviation, a convolution and a hidden
    layer. Learning rates are equalized; maps are resampled through the filter [1, 3, 3, 1].

    Published sizes for 256 pixels: --latent_dim=512 --arch="stylegan2(width=64, max_width=512,
    style_dim=512, mapping=8)". The defaults are for CPUs. In half precision, mapping network, styles and
    the end of the discriminator stay in float32, as published.

    Source: https://arxiv.org/abs/1912.04958, section 2 and appendix B (configuration E and F, with
    skip connections in the generator and a residual discriminator); the sizes by image size are those
    of https://arxiv.org/abs/2006.06676, appendix C. Images are clipped to [-1, 1] in use only.

    Args:
        width: channels next to the image; they double with each halving of the map. Default 16.
        max_width: the most channels of a map, default 128.
        style_dim: length of w, default 128.
        mapping: layers of the mapping network, from 1, default 4.
        minibatch_stddev: group size of `MinibatchStddev`, default 4; 0: none.
        noise: whether noise is added to the generator's maps, default true, as published.
    """

    modalities = ("image",)
    image_sizes = (28, 32, 64, 128, 256)
    styles = True
    optimizer = "adam(0.0025, beta_1=0.0, beta_2=0.99, epsilon=1e-8)"

    width: int = 16
    max_width: int = 128
    style_dim: int = 128
    mapping: int = 4
    minibatch_stddev: int = 4
    noise: bool = True

    def __post_init__(self):
        super().__post_init__()
        for name in ("max_width", "style_dim", "mapping"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be 1 or more")

    def generate(self, latents, image_shape, modulate=None):
        sizes = self._sizes(image_shape[0])
        rows = self._rows(latents, 2 * len(sizes))
        x, image, row = LearnedMap((sizes[0], sizes[0], self._channels(sizes, 0)))(rows), None, 0
        for level in range(len(sizes)):
            channels = self._channels(sizes, level)
            for up in (True, False) if level else (False,):
                style = Style(x.shape[-1], row, dtype="float32")(rows)
                x = ModulatedConv2D(channels, up=up)([x, style])
                x = modulate(x) if modulate else x
                x = MapNoise(seed=row)(x) if self.noise else x
                x = ScaledLeakyReLU()(x)
                row += 1
            # The next convolution has the same row of w.
            style = Style(channels, row, dtype="float32")(rows)
            made = ModulatedConv2D(image_shape[-1], 1, demodulate=False)([x, style])
            if image is not None:
                larger = FilteredUpsampling2D(dtype="float32")(image)
                made = layers.Add(dtype="float32")([larger, made])
            image = layers.Activation("linear", dtype="float32")(made)
        return InRange(dtype="float32", name="images")(image)

    def discriminate(self, images):
        sizes = self._sizes(images.shape[1])
        x = _activated(images, self._channels(sizes, len(sizes) - 1), 1)
        for level in range(len(sizes) - 1, 0, -1):
            channels, wider = (self._channels(sizes, each) for each in (level, level - 1))
            shortcut = FilteredDownsampling2D()(x)
            # The sum of both, divided by sqrt(2).
            shortcut = EqualizedConv2D(wider, 1, use_bias=False, gain=1 / GAIN)(shortcut)
            x = _activated(x, channels, 3)
            x = layers.Add()([_activated(x, wider, 3, gain=1.0, down=True), shortcut])
        if self.minibatch_stddev:
            x = MinibatchStddev(self.minibatch_stddev, dtype="float32")(x)
        channels = self._channels(sizes, 0)
        x = EqualizedConv2D(channels, 3, dtype="float32")(x)
        x = layers.Flatten(dtype="float32")(ScaledLeakyReLU(dtype="float32")(x))
        x = EqualizedDense(channels, dtype="float32")(x)
        x = ScaledLeakyReLU(dtype="float32", name="features")(x)
        x = EqualizedDense(1, dtype="float32")(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def trunk(self):
        return StyleGAN2(self.width, self.max_width, minibatch_stddev=0)

    def linear(self, units, embeds=0, **options):
        # A row of an embedding's kernel is that of one label, and its inner product with features is
        # divided by the root of their number, as that of the logit's kernel is.
        gain = math.sqrt(embeds / units) if embeds else 1.0
        return EqualizedDense(units, gain=gain, dtype="float32", **options)

    def _rows(self, latents, count):
        """A row of w for each convolution, (batch, count, style_dim)."""
        x = Spherical()(latents)
        for _ in range(self.mapping):
            x = EqualizedDense(self.style_dim, rate=_RATE, dtype="float32")(x)
            x = ScaledLeakyReLU(dtype="float32")(x)
        x = MeanW(dtype="float32", name=AVERAGE)(x)
        return layers.RepeatVector(count, dtype="float32", name=STYLES)(x)

    def _sizes(self, size):
        """The sizes of the maps, the smallest first."""
        sizes = [size]
        while sizes[0] > _SMALLEST:
            sizes.insert(0, sizes[0] // 2)
        return sizes

    def _channels(self, sizes, level):
        """The channels of the maps of a size."""
        return min(self.width * 2 ** (len(sizes) - 1 - level), self.max_width)


def _activated(x, filters, size, gain=GAIN, **options):
    """A convolution, and LeakyReLU times a gain, which is that of the kernel: maps are not multiplied."""
    return ScaledLeakyReLU(gain=1.0)(EqualizedConv2D(filters, size, gain=gain, **options)(x))
