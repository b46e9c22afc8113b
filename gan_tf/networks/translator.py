"""The base class of networks from an image to an image."""

import abc
import dataclasses
import math

import keras

from gan_tf.errors import UserError
from gan_tf.networks.architecture import Options
from gan_tf.networks.resampling import UpSampling2D


class Translator(Options, abc.ABC):
    """The generator of a translation: a function of a source image.

    A subclass registers itself with `@ARCHITECTURES.register("name")` and is chosen and configured as
    an `Architecture` is. Its weights fit every size of image with the same number of channels, where
    `size`, that of training, is given; so a trained one can be rebuilt for any image. In inference
    an output depends on its own source alone.

    Attributes:
        source: "example": what it takes.
        takes_labels: whether it can be conditioned on labels, see `translate`.
        modalities, image_sizes, norms, light: as for `Architecture`.

    Raises:
        UserError: as for `Options`, and for a number of blocks or a dropout out of its range.
    """

    source = "example"
    takes_labels = False
    modalities = ("image",)
    image_sizes = None
    light = False

    def __post_init__(self):
        super().__post_init__()
        name, options = type(self).__name__, vars(self)
        if options.get("blocks", 0) < 0:
            raise UserError(f"{name} cannot have {self.blocks} blocks: give 0 or more.")
        if not 0 <= options.get("dropout", 0) < 1:
            raise UserError(f"{name} with dropout={self.dropout}: it must be 0 or more, below 1.")

    @abc.abstractmethod
    def translate(self, images, shape, size, condition=None):
        """Returns the outputs for sources.

        Args:
            images: a Keras tensor (batch, h, w, C); h and w can be None.
            shape: (H, W, D) of an output.
            size: a `Size`.
            condition: a `gan_tf.networks.conditioning.Condition`; None (default): no labels. Others
                only if it takes labels.

        Returns:
            A Keras tensor (batch, H, W, D), float32, of a layer named "images". Images are in [-1,
            1]; a network with a linear output can leave this range, and is clipped where an image is
            stored or shown.

        Raises:
            ValueError: when it cannot make images of this size.
        """

    def multiple(self, size):
        """Returns what should divide the heights and widths of sources, given the `Size` of training.

        It divides those of training. Sources of other sizes work too, but where the maps inside have
        an odd number of rows or columns, the network sees borders that it did not see in training.
        """
        del size
        return 1

    def translator(self, source_shape, target_shape, size=None):
        """Builds the network.

        Args:
            source_shape: (h, w, C); h and w can be None, for images of any size.
            target_shape: (H, W, D), likewise.
            size: the `Size` of training; default: that of these shapes.

        Returns:
            A functional `keras.Model` named "generator": (batch, h, w, C) -> (batch, H, W, D).
        """
        size = size or Size.of(source_shape, target_shape)
        source = keras.Input(source_shape, name="source")
        return keras.Model(source, self.translate(source, target_shape, size), name="generator")


@dataclasses.dataclass(frozen=True)
class Size:
    """The size of images in training, on which the depth of a translator depends.

    Attributes:
        height, width: of a source, in pixels.
        scale: how many times larger the target is, on each side.
    """

    height: int
    width: int
    scale: int = 1

    def of_target(self):
        """Returns the `Size` of a translator that is given its source in the target's size."""
        return Size(self.height * self.scale, self.width * self.scale)

    def multiple(self, halvings):
        """Returns the largest power of 2 that divides both sides, at most 2^halvings."""
        return math.gcd(self.height, self.width, 2**halvings)

    @classmethod
    def of(cls, source_shape, target_shape):
        """Returns the `Size` of a source's and a target's shape, (height, width, channels).

        Raises:
            ValueError: when the target is not a whole number of times as large, on both sides alike.
        """
        height, width = source_shape[:2]
        scale = target_shape[0] // height
        if scale < 1 or (scale * height, scale * width) != tuple(target_shape[:2]):
            raise ValueError(
                f"a target of {target_shape[1]}x{target_shape[0]} pixels is not a whole number of times "
                f"as large as its source, {width}x{height}"
            )
        return cls(height, width, scale)


def enlarged(images, scale):
    """Enlarges images by bilinear interpolation, in float32: (batch, h, w, C) -> (batch, H, W, C)."""
    if scale == 1:
        return images
    return UpSampling2D(scale, interpolation="bilinear", dtype="float32")(images)
