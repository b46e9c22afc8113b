"""Restoration tasks: how images were degraded, and how they are restored.

The degraded image y = A x + noise is made of an image x by one of `gan_tf.data.degradations`. A task
defines A (`look`), the weight of each pixel of y in the search (`weigh`), and how the residual
y - A G(z) is spread over the image (`lift`). With the latent z found by the search, the result is

    G(z) + lift(gain (y - A G(z))),

where a gain of 1 trusts y completely.
"""

import numpy as np
import tensorflow as tf

from gan_tf.data.degradations import Downscale, Grayscale, Mask, Noise
from gan_tf.errors import UserError
from gan_tf.registry import TASKS

_SWEEPS = 2000  # of Jacobi's iteration, at most
_NEIGHBORHOOD = 7  # pixels to a side


class Task:
    """The base of the tasks.

    Args:
        degradation: an entry of `DEGRADATIONS`.

    Attributes:
        drawn: the random part of each image's degradation, stacked; None if there is none.
        baselines: names of what `restore_baselines` returns.
        objectives: specs of what the search minimizes, of which those are used that suit the space.
        knows_originals: whether the given images are the originals, so that quality can be measured.
        methods: how it can be done: names of `restoration.METHODS`.
    """

    baselines = ("none",)
    objectives = ("pixels", "realism(0.003)", "shell(0.1)", "center(0.001)")
    knows_originals = True
    methods = ("search",)

    def __init__(self, degradation):
        self.degradation = degradation
        self.drawn = None

    def prepare(self, count, image_shape, random):
        """Called once with the number of images, their shape and a `numpy.random.Generator`.

        Raises:
            UserError: when their shape does not fit.
        """
        if self.degradation.random:
            drawn = [self.degradation.draw(image_shape, random) for _ in range(count)]
            self.drawn = np.stack(drawn)

    def degrade(self, images):
        """Returns degraded images (n, h, w, c) of originals float32 (n, H, W, C) in [-1, 1]."""
        return np.asarray(self.degradation.apply(images, self.drawn), np.float32)

    def look(self, images):
        """Returns A x of images x, tensors (n, H, W, C)."""
        return images if self.degradation.random else self.degradation.apply(images)

    def weigh(self, seen):
        """Returns the weight of each pixel of degraded images: (n, h, w, 1)."""
        return np.ones_like(seen[..., :1])

    def lift(self, difference):
        """Spreads a difference of degraded images (n, h, w, c) over the originals' (n, H, W, C)."""
        return difference

    def restore_baselines(self, seen):
        """Returns restorations without a generator: {name: (n, H, W, C)}."""
        return {"none": seen}

    def show(self, seen):
        """Returns degraded images in the size and channels of the originals: (n, H, W, C)."""
        return seen

    def gain(self, difference):
        """Returns the factor of y - A G(z) in the result."""
        return 1.0


@TASKS.register("inpaint")
class Inpaint(Task):
    """Semantic inpainting (Yeh et al., 2017): pixels are missing.

    The weight of a known pixel is the fraction of missing ones among its 7x7 neighbors, here at
    least a tenth; known pixels keep their values. The generated part is blended in by Poisson's
    equation: its gradients are those of G(z), its values at the edge of the hole the known ones.

    Source: https://arxiv.org/abs/1607.07539, section 3.

    Args:
        mask: "center", "left", "random(0.5)", or an image file, white where pixels are missing.
    """

    baselines = ("mean_fill", "smooth_fill")
    methods = ("search", "gibbs")

    def __init__(self, mask: str = "center"):
        super().__init__(Mask(mask))

    @property
    def missing(self):
        """The missing pixels: bool (n, H, W, 1)."""
        return self.drawn

    def weigh(self, seen):
        known = np.asarray(~self.missing, np.float32)
        fraction = tf.nn.avg_pool2d(
            np.asarray(self.missing, np.float32), _NEIGHBORHOOD, 1, "SAME"
        ).numpy()
        return known * np.maximum(fraction, 0.1)

    def lift(self, difference):
        return fill(difference, self.missing)

    def restore_baselines(self, seen):
        known = ~self.missing
        counts = np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
        means = np.sum(seen * known, axis=(1, 2), keepdims=True) / counts
        return {
            "mean_fill": np.where(self.missing, means, seen),
            "smooth_fill": fill(seen, self.missing),
        }


@TASKS.register("denoise")
class Denoise(Task):
    """Noise: independent, Gaussian, the same everywhere.

    The restored image lies between G(z) and the noisy one: of the difference y - G(z), the fraction
    s / (s + sigma^2) is kept, s being the mean square of y - G(z) over the image less sigma^2, or 0.
    This is optimal if the error of G(z) is independent of the noise (Wiener, 1949).

    Args:
        noise: standard deviation of the noise added to the given images, for values from 0 to 1;
            0: they are noisy already, by `sigma`.
        sigma: their noise if none is added; 0: unknown, the restored image is G(z).
    """

    def __init__(self, noise: float = 0.2, sigma: float = 0.0):
        if noise < 0 or sigma < 0:
            raise UserError("The noise of --task=denoise must be 0 or more.")
        super().__init__(Noise(noise))
        self.sigma = sigma or noise
        self.knows_originals = noise > 0

    def gain(self, difference):
        if not self.sigma:
            return 0.0
        variance = (2 * self.sigma) ** 2
        excess = np.mean(np.square(difference), axis=(1, 2, 3), keepdims=True) - variance
        return np.maximum(excess, 0) / (np.maximum(excess, 0) + variance)


@TASKS.register("superres")
class SuperResolution(Task):
    """Super-resolution: pixels are means of blocks.

    The result is the small image, enlarged bicubically, plus the difference of G(z) and of G(z)
    made as small and enlarged in the same way.

    Args:
        factor: pixels of a block's side, from 2; the images' size must be a multiple of it.
    """

    baselines = ("bicubic",)

    def __init__(self, factor: int = 4):
        if factor < 2:
            raise UserError(f"--factor={factor} does not enlarge anything: give 2 or more.")
        super().__init__(Downscale(factor))
        self._size = None

    def prepare(self, count, image_shape, random):
        try:
            self.degradation.shape(image_shape)
        except ValueError as error:
            raise UserError(
                f"--factor={self.degradation.factor} does not divide the size of the run's images, "
                f"{image_shape[0]} pixels: give a divisor of that."
            ) from error
        self._size = image_shape[:2]

    def lift(self, difference):
        return tf.image.resize(difference, self._size, "bicubic").numpy()

    def restore_baselines(self, seen):
        return {"bicubic": self.lift(seen)}

    def show(self, seen):
        return tf.image.resize(seen, self._size, "nearest").numpy()


@TASKS.register("colorize")
class Colorize(Task):
    """Colorization: only the luma of color images is known.

    The restored image has the given luma, and the color differences R - Y, G - Y and B - Y of G(z).
    (The weights of the luma sum to 1: adding a value to each channel adds it to the luma.)
    """

    baselines = ("gray",)

    def __init__(self):
        super().__init__(Grayscale())

    def prepare(self, count, image_shape, random):
        if image_shape[-1] != 3:
            raise UserError(
                "--task=colorize needs a run on color images, and this run's are grayscale: choose "
                "another --run_dir or --task."
            )

    def lift(self, difference):
        return np.repeat(difference, 3, axis=-1)

    def restore_baselines(self, seen):
        return {"gray": self.lift(seen)}

    def show(self, seen):
        return self.lift(seen)


def fill(values, missing):
    """Fills in missing values smoothly, each the mean of its neighbors (Laplace's equation).

    Args:
        values: float32 (n, H, W, C).
        missing: bool (n, H, W, 1); in an image without a known value, all become 0.

    Returns:
        float32 (n, H, W, C), the known values unchanged. The image's border is a mirror.
    """
    known = ~missing
    counts = np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
    means = np.sum(values * known, axis=(1, 2), keepdims=True) / counts
    filled = np.where(missing, means, values)
    for _ in range(_SWEEPS):
        around = np.pad(filled, [(0, 0), (1, 1), (1, 1), (0, 0)], mode="edge")
        mean = (
            around[:, :-2, 1:-1] + around[:, 2:, 1:-1] + around[:, 1:-1, :-2] + around[:, 1:-1, 2:]
        ) / 4
        after = np.where(missing, mean, filled)
        moved = np.max(np.abs(after - filled), initial=0)
        filled = after
        if moved < 1e-5:
            break
    return np.asarray(filled, np.float32)
