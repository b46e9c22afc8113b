"""The contenders' jobs: the same networks, batches and loop for each."""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Job:
    """Training of a GAN of `gan_tf.networks`, or sampling from it.

    Attributes:
        arch: "dcgan", "mlp" or "stylegan2".
        image_shape: (height, width, channels).
        width: as for the architecture in `gan_tf.networks`.
        batch_size: images per batch.
        precision: "float32" or "mixed_bfloat16".
        fit: whether training uses the framework's complete loop, over `num_images` in memory;
            otherwise it is bare steps on one batch.
        num_images: images in the data set of `fit`.
        latent_dim: the length of a latent vector.
    """

    arch: str
    image_shape: tuple
    width: int
    batch_size: int
    precision: str = "float32"
    fit: bool = False
    num_images: int = 10_000
    latent_dim: int = 100

    def __post_init__(self):
        object.__setattr__(self, "image_shape", tuple(self.image_shape))  # JSON has lists

    def images(self):
        """Returns random images in [-1, 1]: one batch, or the data set of `fit`."""
        count = self.num_images if self.fit else self.batch_size
        pixels = np.random.default_rng(0).random((count, *self.image_shape), np.float32)
        return pixels * 2 - 1


@dataclasses.dataclass(frozen=True)
class PairJob:
    """Training of a translator of `gan_tf.networks`, in bare steps on one batch of pairs.

    Attributes:
        arch: "unet", against `patchgan(2)` and with L1, or "srresnet", with L1 alone, from images of a
            quarter of the size; or "resnet_translator": a CycleGAN, against `patchgan(2)`, of which
            pairs are an image of each domain.
        image_shape: (height, width, channels) of targets.
        width: channels of the first layers, also of the discriminator.
        batch_size: pairs per batch.
        precision: "float32" or "mixed_bfloat16".
    """

    arch: str
    image_shape: tuple
    width: int
    batch_size: int
    precision: str = "float32"
    fit = False

    @property
    def source_shape(self):
        """(height, width, channels) of sources."""
        factor = 4 if self.arch == "srresnet" else 1
        *size, channels = self.image_shape
        return (*(each // factor for each in size), channels)

    def images(self):
        """Returns a batch of random pairs in [-1, 1]: {"image": sources, "target": targets}."""
        random, count = np.random.default_rng(0), self.batch_size
        shapes = {"image": self.source_shape, "target": self.image_shape}
        return {
            name: random.random((count, *shape), np.float32) * 2 - 1
            for name, shape in shapes.items()
        }


def map_sizes(size):
    """The sizes of the feature maps of a DCGAN from the image down to 4, halved and rounded up."""
    sizes = [size]
    while sizes[-1] > 4:
        sizes.append((sizes[-1] + 1) // 2)
    return sizes
