"""Degradations of images: grayscale, lightness, downscaling, noise, masks, edges.

They turn images into pairs (see `gan_tf.data.derived_pairs`), and restoration undoes them (see
`gan_tf.inversion.tasks`). TensorFlow is imported where images are degraded, so that flags can be
checked without it.
"""

import numpy as np

from gan_tf.data import masks
from gan_tf.registry import DEGRADATIONS

LUMA = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R BT.601, section 2.5.1
_EPSILON = 1e-12  # keeps the gradient of the square root finite


class Degradation:
    """The base of the degradations: functions of images, differentiable in them.

    The random part of an image's degradation is drawn once (`draw`) and passed to `apply`.

    Example:

        noise = DEGRADATIONS.build("noise(0.1)")
        seen = noise(images, indices=range(len(images)), seed=0)
    """

    modalities = ("image",)
    random = False
    of_colors = False  # whether it leaves grayscale images as they are
    cache_key = ""  # what the degraded images depend on beside the spec

    def shape(self, image_shape):
        """Returns the shape of degraded images, given that of the originals, (H, W, C).

        Raises:
            ValueError: when images of that shape cannot be degraded.
        """
        return tuple(image_shape)

    def draw(self, image_shape, random):
        """Draws the random part for one image with a `numpy.random.Generator`; None: there is none."""
        return None

    def apply(self, images, drawn=None):
        """Returns degraded images, as a tensor.

        Args:
            images: float32 (n, H, W, C), arrays or tensors, from -1 to 1.
            drawn: what `draw` returned for each, stacked.

        Returns:
            float32 (n, *shape), from -1 to 1, except for noise.
        """
        raise NotImplementedError

    def __call__(self, images, indices=None, seed=0):
        """Returns degraded images, as an array.

        Args:
            images: as for `apply`.
            indices: n ints, their indices in the data set; default: from 0. The random part of an
                image's degradation is a function of the seed and its index alone.
            seed: an int, or a tuple of ints, at least 0.
        """
        drawn = None
        if self.random:
            indices = range(len(images)) if indices is None else indices
            seeds = seed if isinstance(seed, tuple) else (seed,)
            generators = (np.random.default_rng((*seeds, int(each))) for each in indices)
            drawn = np.stack([self.draw(images.shape[1:], each) for each in generators])
        return np.asarray(self.apply(images, drawn), np.float32)


@DEGRADATIONS.register("grayscale")
class Grayscale(Degradation):
    """Grayscale: one channel, the luma 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601)."""

    of_colors = True

    def shape(self, image_shape):
        return (*image_shape[:-1], 1)

    def apply(self, images, drawn=None):
        return luma(images)


@DEGRADATIONS.register("lightness")
class Lightness(Degradation):
    """Lightness: one channel, the gray of the same lightness L of CIE Lab, encoded as sRGB."""

    of_colors = True

    def shape(self, image_shape):
        return (*image_shape[:-1], 1)

    def apply(self, images, drawn=None):
        import tensorflow as tf

        from gan_tf.data.cie_lab import gray_of_rgb

        images = tf.convert_to_tensor(images)
        return images if images.shape[-1] == 1 else gray_of_rgb(images)


@DEGRADATIONS.register("downscale")
class Downscale(Degradation):
    """Downscaling: each pixel is the mean of a block.

    Args:
        factor: side of a block in pixels, from 2; the images' size must be a multiple of it.
    """

    def __init__(self, factor: int = 4):
        if factor < 2:
            raise ValueError("the factor must be 2 or more")
        self.factor = factor

    def shape(self, image_shape):
        height, width, channels = image_shape
        if any(size % self.factor or size <= self.factor for size in (height, width)):
            raise ValueError(
                f"{width}x{height} pixels: each side must be a multiple of {self.factor}, and larger"
            )
        return height // self.factor, width // self.factor, channels

    def apply(self, images, drawn=None):
        import tensorflow as tf

        return tf.nn.avg_pool2d(images, self.factor, self.factor, "VALID")


@DEGRADATIONS.register("noise")
class Noise(Degradation):
    """Noise: independent, Gaussian, the same everywhere; values can leave [-1, 1].

    Args:
        deviation: its standard deviation, for values from 0 to 1 (of 255 for bytes), at least 0.
    """

    random = True

    def __init__(self, deviation: float = 0.1):
        if deviation < 0:
            raise ValueError("the noise must be 0 or more")
        self.deviation = deviation

    def draw(self, image_shape, random):
        # For values from -1 to 1.
        return 2 * self.deviation * random.standard_normal(image_shape)

    def apply(self, images, drawn=None):
        import tensorflow as tf

        return tf.cast(tf.cast(images, tf.float64) + drawn, tf.float32)


@DEGRADATIONS.register("mask")
class Mask(Degradation):
    """Masking: missing pixels become 0 (mid-gray).

    Args:
        mask: which pixels are missing: "center", "left" or "random", each with a part of the image, such
            as "random(0.5)", or an image file, which is white there.
    """

    random = True

    def __init__(self, mask: str = "center"):
        self._mask = masks.build(mask)

    @property
    def cache_key(self):
        return getattr(self._mask, "cache_key", "")

    def shape(self, image_shape):
        masks.check_fit(self._mask, image_shape[:2])
        return super().shape(image_shape)

    def draw(self, image_shape, random):
        """Returns bool (H, W, 1), true where pixels are missing."""
        return self._mask(image_shape[:2], random)[..., None]

    def apply(self, images, drawn=None):
        import tensorflow as tf

        return tf.where(drawn, np.float32(0), images)


@DEGRADATIONS.register("edges")
class Edges(Degradation):
    """Edges: the magnitude of the luma's gradient, by Sobel's operators; white on black.

    One channel: -1 where the image is flat, 1 where its luma changes at least as much as at a
    straight edge from black to white. The image's border is a mirror.

    Source: Sobel and Feldman, "A 3x3 Isotropic Gradient Operator for Image Processing", 1968.
    """

    def shape(self, image_shape):
        if min(image_shape[:2]) < 2:
            raise ValueError("images of one pixel have no edges")
        return (*image_shape[:-1], 1)

    def apply(self, images, drawn=None):
        import tensorflow as tf

        gradients = tf.image.sobel_edges((luma(images) + 1) / 2)  # from 0 to 1: up to 4 each
        squares = tf.reduce_sum(tf.square(gradients / 4), axis=-1)
        return 2 * tf.minimum(tf.sqrt(tf.maximum(squares, _EPSILON)), 1) - 1


def luma(images):
    """Returns the luma (n, H, W, 1) of images (n, H, W, 3); grayscale images unchanged."""
    import tensorflow as tf

    images = tf.convert_to_tensor(images)
    if images.shape[-1] == 1:
        return images
    return tf.reduce_sum(images * tf.constant(LUMA, images.dtype), axis=-1, keepdims=True)
