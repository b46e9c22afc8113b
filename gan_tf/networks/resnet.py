"""ResNet: the residual networks of SNGAN and WGAN-GP."""

import dataclasses

from keras import layers

from gan_tf.networks import initialization
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import MinibatchStddev, activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import downsampling, upsampling
from gan_tf.networks.spectral import spectral
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("resnet")
@dataclasses.dataclass(eq=False)
class ResNet(Architecture):
    """Residual networks (Miyato et al., 2018; Gulrajani et al., 2017) with 3x3 convolutions.

    The generator projects the latent to 4x4 (for 48 pixels: 6x6) and upsamples it with residual
    blocks; the discriminator mirrors it, adds one block, and sums its features over the
    positions. Channels follow the rule of the published networks for 128 pixels: `width` in
    the block next to the image, doubled with each block away from it, up to 16 times `width`.
    (The paper's networks for 32 pixels have 256 throughout the generator and 128 throughout
    the discriminator.) Normalization, if any, and activation precede each 3x3 convolution
    except the image's; shortcuts are 1x1 convolutions with nearest-neighbor upsampling or 2x2
    average pooling. Convolutions in blocks have biases only without normalization, which has
    its own.

    Source: https://arxiv.org/abs/1802.05957, appendix B.4, table 4; these are also the networks
    of the projection discriminator (https://arxiv.org/abs/1802.05637); and
    https://arxiv.org/abs/1704.00028, appendix C.

    Args:
        width: channels next to the image, default 64, as in the paper.
        generator_norm: "batch" (default), "instance", "layer", "virtual_batch" or "none".
        discriminator_norm: the same; default "none".
        spectral_norm: which networks have spectral normalization: "none" (default),
            "discriminator" (as in the paper), "generator" or "both".
        upsampling: how the generator upsamples: "nearest" (default), "bilinear",
            "pixel_shuffle" or "transposed".
        downsampling: how the discriminator downsamples: "average_pool" (default),
            "max_pool" or "strided".
        generator_activation, discriminator_activation: a Keras activation, such as "relu", or
            "prelu", whose slope is learned; "leaky_relu" has a slope of 0.2. Default "relu" in
            both.
        minibatch_stddev: group size of `MinibatchStddev` before the sum over the positions;
            default 0: none.
    """

    modalities = ("image",)
    image_sizes = (28, 32, 48, 64, 128)

    width: int = 64
    generator_norm: str = "batch"
    discriminator_norm: str = "none"
    spectral_norm: str = "none"
    upsampling: str = "nearest"
    downsampling: str = "average_pool"
    generator_activation: str = "relu"
    discriminator_activation: str = "relu"
    minibatch_stddev: int = 0

    def generate(self, latents, image_shape, modulate=None):
        x = self.draw(latents, image_shape, modulate)
        # float32 regardless of the precision of the preceding layers.
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def draw(self, latents, image_shape, modulate=None):
        """Does `generate` without the last activation; arguments as there."""
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm, modulate)
        activate = activation(self.generator_activation)
        sizes = _map_sizes(image_shape[0])
        channels = self._channels(sizes)
        project = layers.Dense(sizes[-1] ** 2 * channels[-1])
        x = wrap(project)(norm.begin(latents))
        x = layers.Reshape((sizes[-1], sizes[-1], channels[-1]))(x)
        for size, filters in zip(sizes[-2::-1], channels[-2::-1]):
            # Upsampling after the 1x1 convolution is equivalent at a quarter of the cost.
            shortcut = layers.Conv2D(filters, 1, use_bias=not norm.shifts)
            shortcut = layers.UpSampling2D(2)(wrap(shortcut)(x))
            x = activate(norm.layer()(x))
            x = upsampling(self.upsampling, filters, wrap, **_options(norm))(x)
            x = activate(norm.layer()(x))
            x = wrap(layers.Conv2D(filters, 3, padding="same", **_options(norm)))(x)
            x = layers.Add()([x, shortcut])
            if size % 2:  # 28-pixel images need maps of 7 = 2 * 4 - 1
                x = layers.Cropping2D(((0, 1), (0, 1)))(x)
        x = norm.end(activate(norm.layer()(x)))
        return wrap(layers.Conv2D(image_shape[-1], 3, padding="same"))(x)

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        x = self.maps(images)
        # The sum over the positions.
        positions = x.shape[1] * x.shape[2]
        x = layers.Rescaling(positions, name="features")(layers.GlobalAveragePooling2D()(x))
        x = wrap(layers.Dense(1))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def maps(self, images):
        """Returns the discriminator's last maps of images, a Keras tensor (batch, h, w, C)."""
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm)
        activate = activation(self.discriminator_activation)
        x = norm.begin(images)
        for level, filters in enumerate(self._channels(_map_sizes(images.shape[1]))[:-1]):
            shortcut = layers.Conv2D(filters, 1, use_bias=not norm.shifts)
            shortcut = wrap(shortcut)(layers.AveragePooling2D(2, padding="same")(x))
            hidden = filters
            if level:  # images are neither normalized nor rectified
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
        return MinibatchStddev(self.minibatch_stddev)(x) if self.minibatch_stddev else x

    def _channels(self, sizes):
        """The channels of the maps of these sizes, starting at the image."""
        return [self.width * 2 ** min(level, 4) for level in range(len(sizes))]


def _map_sizes(size):
    """The sizes of the feature maps from the image down to 4 or 6, halved and rounded up."""
    sizes = [size]
    while sizes[-1] > 6:
        sizes.append((sizes[-1] + 1) // 2)
    return sizes


def _options(norm):
    return initialization.scaled(not norm.shifts)
