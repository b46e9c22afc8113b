"""What one round of the game has shown: the images, and what the discriminator says of them."""

import dataclasses

import keras
import tensorflow as tf


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What the discriminator says of a batch.

    Attributes:
        logits: float32 (batch, ...).
        features: (batch, n), the outputs of its layer `features`; None without such a layer.
        class_logits: float32 (batch, classes), or None where it does not classify.
    """

    logits: tf.Tensor
    features: tf.Tensor | None = None
    class_logits: tf.Tensor | None = None

    def named(self, name):
        """Returns features or class logits, in float32.

        Raises:
            ValueError: when this discriminator does not have them.
        """
        if getattr(self, name) is None:
            raise ValueError(
                f"this discriminator has no {name}: features are the outputs of a layer of that "
                'name, class logits an output beside "logits" in a dict of outputs'
            )
        return tf.cast(getattr(self, name), tf.float32)


@dataclasses.dataclass(frozen=True)
class Play:
    """One batch of the game.

    Attributes:
        real: float32 (batch, H, W, C) in [-1, 1].
        fake: likewise, generated.
        labels: int (batch,), of both, or None where no network takes labels.
        latents: float32 (batch, latent_dim) that the fakes are made of.
        of_real, of_fake: `Judgement` of each, None before it is made. In the generator's
            loss, that of the reals is from the discriminator's last update.
    """

    real: tf.Tensor
    fake: tf.Tensor
    labels: tf.Tensor | None
    latents: tf.Tensor
    of_real: Judgement | None = None
    of_fake: Judgement | None = None


def judge_of(discriminator):
    """Returns the discriminator as a function: (images, labels) -> `Judgement`."""
    outputs = discriminator.output
    outputs = dict(outputs) if isinstance(outputs, dict) else {"logits": outputs}
    if "features" in {layer.name for layer in discriminator.layers}:
        outputs["features"] = discriminator.get_layer("features").output
    model = keras.Model(discriminator.inputs, outputs)

    def judge(images, labels):
        inputs = [images, labels] if len(discriminator.inputs) > 1 else images
        return Judgement(**model(inputs, training=True))

    return judge
