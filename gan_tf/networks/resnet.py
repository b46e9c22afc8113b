"""ResNet: the residual networks of SNGAN and WGAN-GP."""

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import MinibatchStddev, activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import downsampling, upsampling
from gan_tf.networks.spectral import spectral
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("resnet")
class ResNet(Architecture):
    """Residual networks (Miyato et al., 2018; Gulrajani et al., 2017) with 3x3 convolutions.

    The generator projects the latent to 4x4 (48 pixels: 6x6) and doubles it with residual
    blocks; the discriminator halves the image so, has one more block, and sums its features
    over the positions. Channels are by one rule, that of the published networks for 128
    pixels: `width` in the block next to the image, in the others twice as many as in their
    neighbour towards it, up to 16 times `width`. (The paper's networks for 32 pixels have 256
    throughout the generator and 128 throughout the discriminator.) Normalization, where there
    is any, and activation stand before each 3x3 convolution but the image's; a shortcut is a
    1x1 convolution, resized to the nearest pixel or averaged over 2x2. Convolutions of blocks
    have biases where there is no normalization, which has its own.

    Source: https://arxiv.org/abs/1802.05957, appendix B.4, table 4; the projection
    conditioning's networks (https://arxiv.org/abs/1802.05637) are these; and
    https://arxiv.org/abs/1704.00028, appendix C.

    Args:
        width: channels next to the image; the paper's is 64, the default.
        generator_norm: "batch" (default), "instance", "layer", "virtual_batch" or "none".
        discriminator_norm: likewise; default "none".
        spectral_norm: whose layers have spectral normalization: "none" (default),
            "discriminator" (the paper), "generator" or "both".
        upsampling: how the generator doubles its maps: "nearest" (default), "bilinear",
            "pixel_shuffle" or "transposed".
        downsampling: how the discriminator halves them: "average_pool" (default),
            "max_pool" or "strided".
        generator_activation, discriminator_activation: see `layers.activation`; default
            "relu" in both.
        minibatch_stddev: group size of `MinibatchStddev` before the sum over the positions;
            0, the default: there is none.
    """

    modalities = ("image",)
    image_sizes = (28, 32, 48, 64, 128)

    def __init__(
        self,
        width: int = 64,
        generator_norm: str = "batch",
        discriminator_norm: str = "none",
        spectral_norm: str = "none",
        upsampling: str = "nearest",
        downsampling: str = "average_pool",
        generator_activation: str = "relu",
        discriminator_activation: str = "relu",
        minibatch_stddev: int = 0,
    ):
        if width < 1:
            raise UserError(f"A width of {width} makes no layer: it must be 1 or more.")
        self.width = width
        self.generator_norm = generator_norm
        self.discriminator_norm = discriminator_norm
        self.spectral_norm = spectral_norm
        self.upsampling = upsampling
        self.downsampling = downsampling
        self.generator_activation = generator_activation
        self.discriminator_activation = discriminator_activation
        self.minibatch_stddev = minibatch_stddev

    def generate(self, latents, image_shape, modulate=None):
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm, modulate)
        activate = activation(self.generator_activation)
        sizes = _map_sizes(image_shape[0])
        channels = self._channels(sizes)
        project = layers.Dense(sizes[-1] ** 2 * channels[-1])
        x = wrap(project)(norm.begin(latents))
        x = layers.Reshape((sizes[-1], sizes[-1], channels[-1]))(x)
        for size, filters in zip(sizes[-2::-1], channels[-2::-1]):
            # Resized after the 1x1 convolution, which is the same and costs a quarter.
            shortcut = layers.Conv2D(filters, 1, use_bias=not norm.shifts)
            shortcut = layers.UpSampling2D(2)(wrap(shortcut)(x))
            x = activate(norm.layer()(x))
            x = upsampling(self.upsampling, filters, wrap, **_options(norm))(x)
            x = activate(norm.layer()(x))
            x = wrap(layers.Conv2D(filters, 3, padding="same", **_options(norm)))(x)
            x = layers.Add()([x, shortcut])
            if size % 2:  # twice 4 less 1 makes the 7 of 28 pixels
                x = layers.Cropping2D(((0, 1), (0, 1)))(x)
        x = norm.end(activate(norm.layer()(x)))
        x = wrap(layers.Conv2D(image_shape[-1], 3, padding="same"))(x)
        # float32 whatever the precision of the layers before.
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def judge(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm)
        activate = activation(self.discriminator_activation)
        x = norm.begin(images)
        for level, filters in enumerate(self._channels(_map_sizes(images.shape[1]))[:-1]):
            shortcut = layers.Conv2D(filters, 1, use_bias=not norm.shifts)
            shortcut = wrap(shortcut)(layers.AveragePooling2D(2, padding="same")(x))
            hidden = filters
            if level:  # images are neither normalized nor cut off
                hidden = x.shape[-1]
                x = activate(norm.layer()(x))
            x = wrap(layers.Conv2D(hidden, 3, padding="same", **_options(norm)))(x)
            x = activate(norm.layer()(x))
            x = downsampling(self.downsampling, filters, wrap, **_options(norm))(x)
            x = layers.Add()([x, shortcut])
        shortcut = x
        for _ in range(2):
            x = activate(norm.layer()(x))
            x = wrap(layers.Conv2D(filters, 3, padding="same", **_options(norm)))(x)
        x = layers.Add()([x, shortcut])
        x = norm.end(activate(norm.layer()(x)))
        if self.minibatch_stddev:
            x = MinibatchStddev(self.minibatch_stddev)(x)
        positions = x.shape[1] * x.shape[2]
        # The sum over the positions.
        x = layers.Rescaling(positions, name="features")(layers.GlobalAveragePooling2D()(x))
        x = wrap(layers.Dense(1))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def _channels(self, sizes):
        """The channels of the maps of these sizes, from the image down."""
        return [self.width * 2 ** min(level, 4) for level in range(len(sizes))]


def _map_sizes(size):
    """The sizes of the feature maps from the image down to 4, or 6: halves, rounded up."""
    sizes = [size]
    while sizes[-1] > 6:
        sizes.append((sizes[-1] + 1) // 2)
    return sizes


def _options(norm):
    """Of a 3x3 convolution: as in the authors' code, Glorot's uniform with a gain of sqrt(2)."""
    return {
        "use_bias": not norm.shifts,
        "kernel_initializer": keras.initializers.VarianceScaling(2.0, "fan_avg", "uniform"),
    }
