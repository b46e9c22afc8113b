"""The discriminator as a function of samples: the one place that knows its outputs by name."""

import dataclasses

import keras
import tensorflow as tf


@dataclasses.dataclass(frozen=True)
class DiscriminatorOutput:
    """What a discriminator computes of a batch: tensors, or arrays.

    Attributes:
        logits: float32 (batch, ...): the larger, the more real.
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

    def with_logits(self, logits):
        """Returns the same outputs with other logits."""
        return dataclasses.replace(self, logits=logits)

    def split(self):
        """Returns the outputs on the first and on the second half of the batch."""
        halves = {
            name: [None, None] if value is None else tf.split(value, 2)
            for name, value in vars(self).items()
        }
        return [
            DiscriminatorOutput(**{name: each[i] for name, each in halves.items()}) for i in (0, 1)
        ]


def with_named_outputs(discriminator):
    """Returns a model of the same inputs whose outputs are a dict: "logits" and what else there is.

    Args:
        discriminator: a functional `keras.Model`, of logits or of a dict of outputs.

    Returns:
        A `keras.Model` that shares its layers; its outputs are the attributes of a
        `DiscriminatorOutput`.
    """
    outputs = discriminator.output
    outputs = dict(outputs) if isinstance(outputs, dict) else {"logits": outputs}
    if "features" in {layer.name for layer in discriminator.layers}:
        outputs["features"] = discriminator.get_layer("features").output
    return keras.Model(discriminator.inputs, outputs)


def takes(discriminator, samples, condition):
    """Returns what to call a discriminator with: samples, with the condition where it takes one."""
    return [samples, condition] if len(discriminator.inputs) > 1 else samples


def as_function(discriminator, training):
    """Returns the discriminator as a function.

    Args:
        discriminator: a functional `keras.Model`.
        training: whether it runs as in training.

    Returns:
        A function: (samples, condition) -> `DiscriminatorOutput`. The condition, labels or the
        latent of a pair, is ignored by a discriminator that takes none.
    """
    model = with_named_outputs(discriminator)
    return lambda samples, condition=None: DiscriminatorOutput(
        **model(takes(discriminator, samples, condition), training=training)
    )
