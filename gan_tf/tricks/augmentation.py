"""Differentiable augmentation of the discriminator's input."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.tricks.trick import Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("diff_augment")
class DiffAugment(Trick):
    """DiffAugment: random color, translation and cutout of both reals and fakes.

    The discriminator never sees unaugmented images, so it cannot memorize a small data set;
    the generator's gradients pass through the augmentation. For small data sets.

    * color: brightness + U(-0.5, 0.5), saturation * U(0, 2), contrast * U(0.5, 1.5).
    * translation: by up to 1/8 of the size, gray beyond the edge.
    * cutout: a gray square of half the size, around a random point.

    Source: Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", 2020
    (https://arxiv.org/abs/2006.10738), section 4.1; sizes of the authors' code.

    Args:
        policy: any of color, translation and cutout, separated by commas; default all.
    """

    hooks = ("images",)
    modalities = ("image",)

    def __init__(self, policy: str = "color,translation,cutout"):
        names = [each.strip() for each in policy.split(",")]
        for name in names:
            if name not in _AUGMENTATIONS:
                raise UserError(
                    f"diff_augment has no '{name}': give any of {', '.join(_AUGMENTATIONS)}."
                )
        self.policy = policy
        self._names = names

    def images(self, gan, images):
        for name in self._names:
            images = _AUGMENTATIONS[name](images, gan.random)
        return images


def color(images, seed):
    """Changes brightness, saturation and contrast, independently for each image."""

    def draw(low, high):
        shape = (tf.shape(images)[0], 1, 1, 1)
        return keras.random.uniform(shape, low, high, dtype=images.dtype, seed=seed)

    images += draw(-0.5, 0.5)
    gray = tf.reduce_mean(images, axis=3, keepdims=True)
    images = gray + draw(0.0, 2.0) * (images - gray)
    mean = tf.reduce_mean(images, axis=(1, 2, 3), keepdims=True)
    return mean + draw(0.5, 1.5) * (images - mean)


def translation(images, seed):
    """Shifts each image by up to 1/8 of its size, in whole pixels, along both axes."""
    for axis, equation in ((1, "boi,biwc->bowc"), (2, "boi,bhic->bhoc")):
        size = images.shape[axis]
        limit = int(size * 0.125 + 0.5)
        shifts = keras.random.randint((tf.shape(images)[0], 1), -limit, limit + 1, seed=seed)
        # Row o of the result is row o - shift of the image, or zero; a matrix product is
        # faster than a gather, whose gradient is a scatter.
        matrices = tf.one_hot(tf.range(size) - shifts, size, dtype=images.dtype)
        images = tf.einsum(equation, matrices, images)
    return images


def cutout(images, seed):
    """Grays out a square of half the size around a random point of each image."""
    inside = True
    for axis in (1, 2):
        size = images.shape[axis]
        side = (size + 1) // 2
        # Part of the square can fall outside; as in the authors' code, the center of an even
        # square can be on the far edge, too.
        centers = keras.random.randint((tf.shape(images)[0], 1), 0, size + 1 - side % 2, seed=seed)
        starts = centers - side // 2
        positions = tf.range(size)
        within = (positions >= starts) & (positions < starts + side)
        inside &= tf.reshape(within, (-1, *(size if each == axis else 1 for each in (1, 2)), 1))
    return tf.where(inside, tf.zeros((), images.dtype), images)


_AUGMENTATIONS = {"color": color, "translation": translation, "cutout": cutout}
