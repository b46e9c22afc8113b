"""DCGAN: convolutional generator and discriminator without pooling."""

import dataclasses

from keras import layers

from gan_tf.networks import initialization
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import MinibatchStddev, activation
from gan_tf.networks.normalization import normalizer
from gan_tf.networks.resampling import downsampling, upsampling
from gan_tf.networks.spectral import spectral
from gan_tf.registry import ARCHITECTURES


@ARCHITECTURES.register("dcgan")
@dataclasses.dataclass(eq=False)
class DCGAN(Architecture):
    """Deep convolutional GAN (Radford et al., 2016): strided convolutions and batch norm.

    The generator projects the latent to a 4x4 feature map and upsamples it with transposed
    convolutions (for 28 pixels: 4, 7, 14, 28); the discriminator mirrors it. Batch
    normalization everywhere except at the generator's output and the discriminator's
    input; ReLU and tanh in the generator, LeakyReLU(0.2) in the discriminator; weights
    initialized from N(0, 0.02). Kernels are 4x4, as in the authors' code, not 5x5 as in the
    paper: a kernel size divisible by the stride avoids checkerboard artifacts.

    Source: https://arxiv.org/abs/1511.06434, section 3.

    Args:
        width: channels of the discriminator's first layer and of the generator's second to
            last; they double with each layer away from the image. 128 in the paper, 64 in
            the authors' code; default 64.
        discriminator_norm, generator_norm: "batch" (default), "instance", "layer",
            "virtual_batch" or "none".
        spectral_norm: which networks have spectral normalization: "none" (default),
            "discriminator", "generator" or "both".
        upsampling: how the generator upsamples: "transposed" (default), "pixel_shuffle",
            "nearest" or "bilinear".
        downsampling: how the discriminator downsamples: "strided" (default),
            "average_pool" or "max_pool".
        generator_activation, discriminator_activation: a Keras activation, such as "relu", or
            "prelu", whose slope is learned; "leaky_relu" has a slope of 0.2. Default "relu" and
            "leaky_relu".
        minibatch_stddev: group size of `MinibatchStddev` before the last layer of the
            discriminator; default 0: none.
    """

    modalities = ("image",)
    image_sizes = (28, 32, 64, 128)
    rectangular = True

    width: int = 64
    discriminator_norm: str = "batch"
    spectral_norm: str = "none"
    generator_norm: str = "batch"
    upsampling: str = "transposed"
    downsampling: str = "strided"
    generator_activation: str = "relu"
    discriminator_activation: str = "leaky_relu"
    minibatch_stddev: int = 0

    def generate(self, latents, image_shape, modulate=None):
        x = self.draw(latents, image_shape, modulate)
        # float32 regardless of the precision of the preceding layers.
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def draw(self, latents, image_shape, modulate=None):
        """Does `generate` without the last activation; arguments as there."""
        wrap = spectral(self.spectral_norm, "generator")
        norm = normalizer(self.generator_norm, modulate, initialization.batch_norm)
        activate = activation(self.generator_activation)
        sizes = map_sizes(image_shape[:2])
        height, across = sizes[-1]
        width = self.width * 2 ** (len(sizes) - 2)
        # A transposed convolution on a 1x1 map is a matrix product.
        project = layers.Dense(height * across * width, **initialization.linear(not norm.shifts))
        x = wrap(project)(norm.begin(latents))
        x = layers.Reshape((height, across, width))(x)
        x = activate(norm.layer()(x))
        for size, _ in sizes[-2:0:-1]:
            width //= 2
            odd = size % 2 == 1  # 28-pixel images need maps of 7 = 2 * 4 - 1
            x = upsampling(
                self.upsampling, width, wrap, odd, **initialization.linear(not norm.shifts)
            )(x)
            x = activate(norm.layer()(x))
        x = norm.end(x)
        return upsampling(self.upsampling, image_shape[-1], wrap, **initialization.linear(True))(x)

    def discriminate(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        x = layers.Flatten(name="features")(self.maps(images))
        x = wrap(layers.Dense(1, **initialization.linear(True)))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)

    def maps(self, images):
        """Returns the discriminator's last maps of images, a Keras tensor (batch, h, w, C)."""
        wrap = spectral(self.spectral_norm, "discriminator")
        norm = normalizer(self.discriminator_norm, batch_norm=initialization.batch_norm)
        activate = activation(self.discriminator_activation)
        x = norm.begin(images)
        for level in range(len(map_sizes(images.shape[1:3])) - 1):
            options = initialization.linear(not (level and norm.shifts))
            normalize = norm.layer() if level else lambda x: x
            x = downsampling(self.downsampling, self.width * 2**level, wrap, **options)(x)
            x = activate(normalize(x))
        x = norm.end(x)
        return MinibatchStddev(self.minibatch_stddev)(x) if self.minibatch_stddev else x


def map_sizes(size):
    """Returns the sizes of the feature maps, [(height, width)], halved and rounded up until one is 4.

    Args:
        size: the height and width of an image.
    """
    sizes = [tuple(size)]
    while min(sizes[-1]) > 4:
        sizes.append(tuple((each + 1) // 2 for each in sizes[-1]))
    return sizes
