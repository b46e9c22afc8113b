"""Augmentation whose strength follows how sure the discriminator is of the data, or is given."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.runtime import replicas
from gan_tf.tricks import image_resampling, image_transforms
from gan_tf.tricks.rates import along_cosine
from gan_tf.tricks.trick import ScheduledTrick, Trick


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("ada")
class AdaptiveAugmentation(Trick):
    """Adaptive discriminator augmentation (ADA): of reals and fakes, as much as overfitting asks for.

    Each transform of an image happens with probability p, which is 0 at first. Every `every` steps, p
    rises if r, the mean sign of the logits of reals, has been above `target`, and else falls: r is
    near 1 when the discriminator overfits, and near 0 when it cannot tell. Gradients pass through the
    transforms. For small data sets; samples are not augmented.

    * blit: mirroring, rotation by 90 degrees, shifts by up to 1/8 of the size in whole pixels.
    * geometry: scaling, rotation, stretching, shifts in fractions of pixels.
    * color: brightness, contrast, inverted luma; of RGB images also hue and saturation.

    Source: Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020
    (https://arxiv.org/abs/2006.06676), sections 2 and 3 and appendix B.

    Args:
        target: of r, from 0 to 1, default 0.6.
        kimg: thousands of images in which p rises by 1, above 0, default 500; 50 to 100 for short runs.
        every: interval of adjustments in steps, from 1, default 4.
        policy: any of blit, geometry and color, separated by commas; default all.
        filtered: whether images are resampled at twice the size between two wavelet filters, as published,
            instead of bilinearly, which is faster and blurs them. Default False.
        batch_size: samples in a step; default: the run's.
    """

    hooks = ("images", "discriminator_loss")
    modalities = ("image",)
    metrics = ("augmentation_strength", "real_sign")
    needs_signs = True

    def __init__(
        self,
        target: float = 0.6,
        kimg: float = 500.0,
        every: int = 4,
        policy: str = "blit,geometry,color",
        filtered: bool = False,
        batch_size=None,
    ):
        if not 0 <= target <= 1 or kimg <= 0 or every < 1:
            raise UserError(
                f"ada(target={target}, kimg={kimg}, every={every}): target must be from 0 to 1, kimg above "
                "0, and every 1 or more."
            )
        self._names = _groups("ada", policy)
        self.filtered = filtered
        self.target = target
        self.kimg = kimg
        self.every = every
        self.policy = policy
        self.batch_size = batch_size

    def schedule(self, total_steps, batch_size):
        del total_steps
        self.batch_size = self.batch_size or batch_size

    def attach(self, gan):
        if not self.batch_size:
            raise ValueError("ada needs batch_size, the samples in a step")
        self._strength = gan.keep("augmentation_strength", ())
        self._signs = gan.keep("augmentation_signs", (2,))  # sum of means, number of them

    def images(self, gan, images):
        strength = tf.convert_to_tensor(self._strength)
        return _augmented(gan, images, strength, self._names, self.filtered)

    def discriminator_loss(self, gan, loss, batch):
        sign = replicas.mean(tf.reduce_mean(tf.sign(batch.real_output.logits)))
        self._signs.assign_add(tf.stack([tf.stop_gradient(sign), 1.0]))
        gan.log(augmentation_strength=tf.convert_to_tensor(self._strength), real_sign=sign)
        return loss

    def after_step(self, gan):
        due = tf.cast(gan.step % self.every == 0, tf.float32)
        total, count = tf.unstack(tf.convert_to_tensor(self._signs))
        direction = tf.sign(total / tf.maximum(count, 1.0) - self.target)
        change = direction * self.batch_size * self.every / (self.kimg * 1000)
        strength = tf.convert_to_tensor(self._strength)
        self._strength.assign(tf.clip_by_value(strength + due * change, 0.0, 1.0))
        self._signs.assign((1 - due) * tf.convert_to_tensor(self._signs))


@keras.saving.register_keras_serializable("gan_tf")
@TRICKS.register("augmentation")
class Augmentation(ScheduledTrick):
    """Augmentation of reals and fakes by the transforms of `ada`, as strong as given.

    Each transform of an image happens with a probability that is the same throughout, or rises from 0
    along half a cosine until the end of the run. Gradients pass through the transforms; samples are not
    augmented. For small data sets, with any loss. A run that is resumed with more epochs uses the
    probabilities of the longer run.

    Source: the transforms, and fixed probabilities, are those of Karras et al., 2020
    (https://arxiv.org/abs/2006.06676), section 2; rising ones are from Huang et al., "The GAN is dead;
    long live the GAN!", 2024 (https://arxiv.org/abs/2501.05441).

    Args:
        strength: the probability of each transform, from 0 to 1, or that at the end, default 0.3, as
            published for R3GAN and faces of 64 pixels.
        grows: whether it rises from 0 until the end of the run. Default False.
        policy: any of blit, geometry and color, separated by commas; default all.
        filtered: how images are resampled, as for `ada`. Default False: bilinearly.
        total_steps: training steps until the end; default: those of the run.
    """

    hooks = ("images", "discriminator_loss")
    modalities = ("image",)
    metrics = ("augmentation_strength",)

    def __init__(
        self,
        strength: float = 0.3,
        grows: bool = False,
        policy: str = "blit,geometry,color",
        filtered: bool = False,
        total_steps=None,
    ):
        if not 0 <= strength <= 1:
            raise UserError(f"augmentation({strength}): the strength must be from 0 to 1.")
        super().__init__(total_steps)
        self._names = _groups("augmentation", policy)
        self.filtered = filtered
        self.strength = strength
        self.grows = grows
        self.policy = policy

    def images(self, gan, images):
        return _augmented(gan, images, self._probability(gan), self._names, self.filtered)

    def discriminator_loss(self, gan, loss, batch):
        gan.log(augmentation_strength=self._probability(gan))
        return loss

    def _probability(self, gan):
        first = 0.0 if self.grows else self.strength
        return along_cosine(first, self.strength, gan.step, self.total_steps)


def _groups(trick, policy):
    """The names in a policy; raises a UserError if one is unknown."""
    names = [each.strip() for each in policy.split(",")]
    for name in names:
        if name not in image_transforms.GROUPS:
            raise UserError(
                f"{trick} has no '{name}': give any of {', '.join(image_transforms.GROUPS)}."
            )
    return names


def _augmented(gan, images, strength, names, filtered):
    resample = image_resampling.filtered if filtered else image_resampling.bilinear
    return tf.cond(
        strength > 0,
        lambda: image_transforms.transformed(images, strength, gan.random, names, resample),
        lambda: images,
    )
