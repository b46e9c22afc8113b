"""The discriminator as a function of samples, with named outputs."""

import dataclasses

import keras
import tensorflow as tf

from gan_tf.gans import given_networks
from gan_tf.networks.architecture import MAPS
from gan_tf.networks.moments import widened


@dataclasses.dataclass(frozen=True)
class DiscriminatorOutput:
    """A discriminator's outputs on a batch: tensors, or arrays.

    Attributes:
        logits: float32 (batch, ...): larger means more real.
        features: (batch, n), the output of its layer `features`; None without such a layer.
        class_logits: float32 (batch, classes), or None if it does not classify.
        maps: {name: (batch, h, w, C)} of its layers `MAPS` in training; {} if it has none.
    """

    logits: tf.Tensor
    features: tf.Tensor | None = None
    class_logits: tf.Tensor | None = None
    maps: dict = dataclasses.field(default_factory=dict)

    def named(self, name):
        """Returns features or class logits, in float32.

        Raises:
            ValueError: when the discriminator does not have them.
        """
        if getattr(self, name) is None:
            raise ValueError(
                f"this discriminator has no {name}: features are the output of a layer of that "
                'name, class logits an output next to "logits" in a dict of outputs'
            )
        return tf.cast(getattr(self, name), tf.float32)

    def with_logits(self, logits):
        """Returns the same outputs with other logits."""
        return dataclasses.replace(self, logits=logits)

    def split(self):
        """Returns the outputs on the first and on the second half of the batch."""

        def half(index):
            return keras.tree.map_structure(
                lambda each: None if each is None else tf.split(each, 2)[index], vars(self)
            )

        return [DiscriminatorOutput(**half(index)) for index in (0, 1)]


def with_named_outputs(discriminator, maps=False):
    """Returns a model with the same inputs and a dict of outputs: "logits" and any others.

    Args:
        discriminator: a functional or Sequential `keras.Model` that outputs logits or a dict.
        maps: whether its maps are outputs, if it has any. Default false.

    Returns:
        A `keras.Model` that shares its layers; the outputs are the attributes of a
        `DiscriminatorOutput`.
    """
    outputs = given_networks.outputs(discriminator)
    outputs = dict(outputs) if isinstance(outputs, dict) else {"logits": outputs}
    found = {layer.name: layer.output for layer in discriminator.layers if _is_named(layer)}
    if "features" in found:
        outputs["features"] = found.pop("features")
    if maps and found:
        outputs["maps"] = found
    return keras.Model(discriminator.inputs, outputs)


def model_inputs(discriminator, samples, condition):
    """Returns a discriminator's inputs: samples, with the condition if it takes one."""
    return [samples, condition] if len(discriminator.inputs) > 1 else samples


def as_function(discriminator, training):
    """Returns the discriminator as a function.

    Args:
        discriminator: a functional or Sequential `keras.Model`.
        training: whether it runs in training mode.

    Returns:
        A function: (samples, condition) -> `DiscriminatorOutput`. The condition, labels or the
        latents of pairs, is ignored by a discriminator that takes none.
    """
    model = with_named_outputs(discriminator, maps=training)

    def judge(samples, condition=None):
        inputs = model_inputs(discriminator, samples, condition)
        output = DiscriminatorOutput(**model(inputs, training=training))
        return output.with_logits(widened(output.logits))

    return judge


def _is_named(layer):
    return layer.name in ("features", *MAPS)
