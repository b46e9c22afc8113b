"""DCGAN: convolutional generator and discriminator without pooling."""

import keras
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.layers import normalization, spectral
from gan_tf.registries import ARCHITECTURES


@ARCHITECTURES.register("dcgan")
class DCGAN(Architecture):
    """Deep convolutional GAN (Radford et al., 2016): strided convolutions and batch norm.

    The generator projects the latent to a 4x4 feature map and doubles it with transposed
    convolutions (for 28 pixels: 4, 7, 14, 28); the discriminator mirrors it. Batch
    normalization stands everywhere but at the generator's output and the discriminator's
    input; ReLU and tanh in the generator, LeakyReLU(0.2) in the discriminator; weights
    start from N(0, 0.02). Kernels are 4x4, as in the authors' code, where the paper says
    5x5: a size that the stride divides leaves no checkerboard.

    Source: https://arxiv.org/abs/1511.06434, section 3.

    Args:
        width: channels of the discriminator's first layer, and of the generator's last
            but one; each layer away from the image has twice as many. The paper's is
            128, the authors' code's 64, the default.
        discriminator_norm: what stands in the discriminator: "batch" (default), "layer" or
            "none".
        spectral_norm: "none" (default), or "discriminator" for spectral normalization of all
            its layers.
    """

    image_sizes = (28, 32, 64, 128)

    def __init__(
        self, width: int = 64, discriminator_norm: str = "batch", spectral_norm: str = "none"
    ):
        if width < 1:
            raise UserError(f"A width of {width} makes no layer: it must be 1 or more.")
        self.width = width
        self.discriminator_norm = discriminator_norm
        self.spectral_norm = spectral_norm

    def generate(self, latents, image_shape, modulate=None):
        sizes = _map_sizes(image_shape[0])
        width = self.width * 2 ** (len(sizes) - 2)
        modulate = modulate or (lambda x: x)
        # A transposed convolution of a 1x1 map is a matrix product.
        x = layers.Dense(4 * 4 * width, use_bias=False, kernel_initializer=_initializer())(latents)
        x = layers.Reshape((4, 4, width))(x)
        x = layers.ReLU()(modulate(_normalization("batch")(x)))
        for size in sizes[-2:0:-1]:
            width //= 2
            x = layers.Conv2DTranspose(width, **_convolution())(x)
            if size % 2:  # twice 4 less 1 makes the 7 of 28 pixels
                x = layers.Cropping2D(((0, 1), (0, 1)))(x)
            x = layers.ReLU()(modulate(_normalization("batch")(x)))
        output = _convolution() | {"use_bias": True}
        x = layers.Conv2DTranspose(image_shape[-1], **output)(x)
        # float32 whatever the precision of the layers before.
        return layers.Activation("tanh", dtype="float32", name="images")(x)

    def judge(self, images):
        wrap = spectral(self.spectral_norm, "discriminator")
        x = images
        for level in range(len(_map_sizes(images.shape[1])) - 1):
            options = _convolution()
            norm = _normalization(self.discriminator_norm) if level else None
            options["use_bias"] = norm is None
            x = wrap(layers.Conv2D(self.width * 2**level, **options))(x)
            x = layers.LeakyReLU(negative_slope=0.2)(norm(x) if norm else x)
        x = layers.Flatten(name="features")(x)
        x = wrap(layers.Dense(1, kernel_initializer=_initializer()))(x)
        return layers.Activation("linear", dtype="float32", name="logits")(x)


def _map_sizes(size):
    """The sizes of the feature maps from the image down to 4: halves, rounded up."""
    sizes = [size]
    while sizes[-1] > 4:
        sizes.append((sizes[-1] + 1) // 2)
    return sizes


def _initializer():
    return keras.initializers.RandomNormal(0.0, 0.02)


def _convolution():
    return {
        "kernel_size": 4,
        "strides": 2,
        "padding": "same",
        "use_bias": False,
        "kernel_initializer": _initializer(),
    }


def _normalization(kind):
    # Momentum and epsilon of the authors' code; gamma starts from N(1, 0.02) there too.
    return normalization(
        kind,
        momentum=0.9,
        epsilon=1e-5,
        gamma_initializer=keras.initializers.RandomNormal(1.0, 0.02),
    )
