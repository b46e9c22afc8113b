"""What is wrong with images that are to be restored, and how the rest of them is found.

What is seen of an image x is y = A x + noise, by one of `gan_tf.data.degradations`. A task gives A
(`look`), what each pixel of y counts for in the search (`weigh`), and a way to spread over the image
what y says beyond A G(z) (`lift`). Of the latent z that is found, the restored image is

    G(z) + lift(gain (y - A G(z))),

a gain of 1 taking y at its word.
"""

import numpy as np
import tensorflow as tf

from gan_tf.data.degradations import Downscale, Grayscale, Mask, Noise
from gan_tf.errors import UserError
from gan_tf.registry import TASKS

_SWEEPS = 2000  # of Jacobi's iteration, at most
_NEIGHBOURHOOD = 7  # pixels to a side


class Task:
    """The base of the tasks: images are degraded.

    Args:
        degradation: an entry of `DEGRADATIONS`.

    Attributes:
        drawn: what is random about each image, stacked; None where nothing is.
        baselines: names of what `restore_plainly` returns.
        objectives: specs of what the search minimises.
        knows_originals: whether the given images are whole, to be compared with.
        methods: how it can be done: names of `restoration.METHODS`.
    """

    baselines = ("none",)
    objectives = ("pixels", "realism(0.003)", "shell(0.1)")
    knows_originals = True
    methods = ("search",)

    def __init__(self, degradation):
        self.degradation = degradation
        self.drawn = None

    def prepare(self, count, image_shape, random):
        """Called once with the number of images, their shape and a `numpy.random.Generator`.

        Raises:
            UserError: when they are of a shape that does not fit.
        """
        if self.degradation.random:
            drawn = [self.degradation.draw(image_shape, random) for _ in range(count)]
            self.drawn = np.stack(drawn)

    def degrade(self, images):
        """Returns what is seen, (n, h, w, c), of whole images float32 (n, H, W, C) in [-1, 1]."""
        return np.asarray(self.degradation.apply(images, self.drawn), np.float32)

    def look(self, images):
        """Returns A x of images x, tensors (n, H, W, C)."""
        return images if self.degradation.random else self.degradation.apply(images)

    def weigh(self, seen):
        """Returns how much each pixel of what is seen counts: (n, h, w, 1)."""
        return np.ones_like(seen[..., :1])

    def lift(self, difference):
        """Spreads a difference (n, h, w, c) of what is seen over the images: (n, H, W, C)."""
        return difference

    def restore_plainly(self, seen):
        """Returns what can be had without a generator: {name: (n, H, W, C)}."""
        return {"none": seen}

    def show(self, seen):
        """Returns what is seen as pictures (n, H, W, C) in [-1, 1]."""
        return seen

    def gain(self, difference):
        """Returns what part of y - A G(z) is taken over, to multiply with it."""
        return 1.0


@TASKS.register("inpaint")
class Inpaint(Task):
    """Semantic inpainting (Yeh et al., 2017): pixels are missing.

    Known pixels count for as much as pixels are missing among their 7x7 neighbours, and here for at
    least a tenth; they keep their values. The generated part is blended in by Poisson's equation:
    its gradients are those of G(z), its values at the edge of the hole those that are known.

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
        """bool (n, H, W, 1): which pixels."""
        return self.drawn

    def weigh(self, seen):
        known = np.asarray(~self.missing, np.float32)
        lacking = tf.nn.avg_pool2d(
            np.asarray(self.missing, np.float32), _NEIGHBOURHOOD, 1, "SAME"
        ).numpy()
        return known * np.maximum(lacking, 0.1)

    def lift(self, difference):
        return fill(difference, self.missing)

    def restore_plainly(self, seen):
        known = ~self.missing
        counts = np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
        means = np.sum(seen * known, axis=(1, 2), keepdims=True) / counts
        return {
            "mean_fill": np.where(self.missing, means, seen),
            "smooth_fill": fill(seen, self.missing),
        }


@TASKS.register("denoise")
class Denoise(Task):
    """Noise: independent, normal, the same everywhere.

    The restored image lies between G(z) and the noisy one, where it is best if what G(z) lacks is
    independent of the noise: of the difference y - G(z), the part s / (s + sigma^2) is kept, s
    being the mean square of y - G(z) over the image less sigma^2, or 0 (Wiener, 1949).

    Args:
        noise: standard deviation of what is added to the given images, of values from 0 to 1;
            0: they are noisy already, and `sigma` says how much.
        sigma: their noise where none is added; 0: not known, the restored image is G(z).
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

    What the generator adds to the image that is seen, enlarged bicubically, is the difference of
    G(z) and of G(z) made as small and enlarged likewise.

    Args:
        factor: pixels of a block's side, from 2; the images' size must be a multiple of it.
    """

    baselines = ("bicubic",)

    def __init__(self, factor: int = 4):
        if factor < 2:
            raise UserError(f"--factor={factor} makes nothing larger: give 2 or more.")
        super().__init__(Downscale(factor))
        self._size = None

    def prepare(self, count, image_shape, random):
        try:
            self.degradation.shape(image_shape)
        except ValueError as error:
            raise UserError(
                f"--factor={self.degradation.factor}: the images of the run, of {image_shape[0]} pixels, "
                "are no multiple of it: give a divisor of that."
            ) from error
        self._size = image_shape[:2]

    def lift(self, difference):
        return tf.image.resize(difference, self._size, "bicubic").numpy()

    def restore_plainly(self, seen):
        return {"bicubic": self.lift(seen)}

    def show(self, seen):
        return tf.image.resize(seen, self._size, "nearest").numpy()


@TASKS.register("colorize")
class Colorize(Task):
    """Colorization: only the luma of colour images is seen.

    The restored image has the luma that is seen, and the colour differences R - Y, G - Y and B - Y
    of G(z). (The weights of the luma sum to 1: adding a value to each channel adds it to the luma.)
    """

    baselines = ("gray",)

    def __init__(self):
        super().__init__(Grayscale())

    def prepare(self, count, image_shape, random):
        if image_shape[-1] != 3:
            raise UserError(
                "--task=colorize needs a run on colour images, and those of the run are grey: choose "
                "another --run_dir or --task."
            )

    def lift(self, difference):
        return np.repeat(difference, 3, axis=-1)

    def restore_plainly(self, seen):
        return {"gray": self.lift(seen)}

    def show(self, seen):
        return self.lift(seen)


def fill(values, missing):
    """Fills in missing values as smoothly as can be, each the mean of its neighbours (Laplace).

    Args:
        values: float32 (n, H, W, C).
        missing: bool (n, H, W, 1); of an image without a known value all become 0.

    Returns:
        float32 (n, H, W, C), the known values unchanged. The image's border counts as a mirror.
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
