"""Layers shared by the networks, and copies of networks without them."""

import sys

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.messages import show
from gan_tf.networks.keras_equivalent import KerasEquivalent
from gan_tf.networks.moments import widened


@keras.saving.register_keras_serializable("gan_tf")
class Packing(keras.layers.Layer):
    """Stacks consecutive samples along the channels: (batch, ..., C) -> (batch / count, ..., count C).

    A discriminator that starts with this layer sees `count` samples at once, all real or all
    generated, and so can detect a lack of variety in generated ones.

    Source: Lin et al., "PacGAN: The power of two samples in generative adversarial networks",
    2018 (https://arxiv.org/abs/1712.04086), section 3.

    Args:
        count: samples per pack, from 1; must divide the batch size.
    """

    def __init__(self, count, **kwargs):
        super().__init__(**kwargs)
        self.count = count

    def call(self, inputs):
        *middle, last = inputs.shape[1:]
        packs = tf.reshape(inputs, (-1, self.count, *middle, last))
        side_by_side = tf.transpose(packs, (0, *range(2, inputs.shape.rank), 1, inputs.shape.rank))
        return tf.reshape(side_by_side, (-1, *middle, self.count * last))

    def compute_output_shape(self, input_shape):
        batch, *middle, last = input_shape
        return (batch and batch // self.count, *middle, self.count * last)

    def get_config(self):
        return super().get_config() | {"count": self.count}


@keras.saving.register_keras_serializable("gan_tf")
class MinibatchStddev(keras.layers.Layer):
    """Appends a measure of the batch's variation: (batch, ..., C) -> (batch, ..., C + 1).

    The batch is split into groups; the standard deviations over a group, of each channel at
    each position, are averaged to one number, which fills the extra channel of the group's
    examples. Groups have `group_size` examples, slightly more (fewer than twice as many) where
    the batch is not a multiple of it; a smaller batch is one group.

    Source: Karras et al., "Progressive growing of GANs for improved quality, stability, and
    variation", 2018 (https://arxiv.org/abs/1710.10196), section 3; groups as in its code,
    where example i of a batch of k groups is in group i mod k.

    Args:
        group_size: from 2; 4 in the paper's code.
    """

    def __init__(self, group_size, **kwargs):
        super().__init__(**kwargs)
        if group_size < 2:
            raise UserError(
                f"minibatch_stddev={group_size}: the group size must be 2 or more; 0 leaves it out."
            )
        self.group_size = group_size

    def call(self, inputs):
        x = widened(inputs)
        middle = inputs.shape[1:-1]
        batch = tf.shape(x)[0]
        groups = tf.maximum(batch // self.group_size, 1)
        members = -(-batch // groups)
        # Padded with rows of zeros, which are not counted: (members, groups, ...).
        padding = members * groups - batch
        shape = tf.concat([[members, groups], inputs.shape[1:]], axis=0)
        x = tf.reshape(tf.pad(x, [[0, padding], *[[0, 0]] * (x.shape.rank - 1)]), shape)
        counts = tf.reshape(tf.range(members * groups) < batch, (members, groups))
        counts = tf.cast(tf.reshape(counts, (members, groups, *[1] * (len(middle) + 1))), x.dtype)
        total = tf.reduce_sum(counts, 0)
        mean = tf.reduce_sum(x, 0) / total
        variance = tf.reduce_sum(counts * tf.square(x - mean), 0) / total
        # The derivative of the square root is infinite at 0.
        deviation = tf.reduce_mean(tf.sqrt(variance + 1e-8), axis=list(range(1, x.shape.rank - 1)))
        of_each = tf.gather(deviation, tf.range(batch) % groups)
        plane = tf.reshape(of_each, (-1, *[1] * (len(middle) + 1)))
        plane = tf.tile(plane, (1, *middle, 1))
        return tf.concat([inputs, tf.cast(plane, inputs.dtype)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        return super().get_config() | {"group_size": self.group_size}


@keras.saving.register_keras_serializable("gan_tf")
class LeakyReLU(KerasEquivalent, keras.layers.LeakyReLU):
    """`keras.layers.LeakyReLU` whose gradient uses its output, so that its input can be freed.

    TensorFlow can then fuse it with the preceding operation. Outputs and gradients of any order
    equal those of the Keras layer; slopes below 0 are not supported.
    """

    plain = keras.layers.LeakyReLU

    def call(self, inputs):
        return leaky_relu(inputs, self.negative_slope)


def leaky_relu(x, slope):
    """`tf.nn.leaky_relu` whose gradient uses its output; see `LeakyReLU`."""

    @tf.custom_gradient
    def operation(x):
        y = tf.nn.leaky_relu(x, slope)
        # Output and input have the same sign.
        return y, lambda dy: tf.raw_ops.LeakyReluGrad(gradients=dy, features=y, alpha=slope)

    return operation(x)


# The types of activation layers.
ACTIVATIONS = (
    keras.layers.Activation,
    keras.layers.ReLU,
    keras.layers.LeakyReLU,
    keras.layers.ELU,
    keras.layers.PReLU,
)


def activation(name):
    """Returns a function that applies a new activation layer to a Keras tensor.

    Args:
        name: "leaky_relu" (with slope 0.2), "prelu" (with a learned slope per channel, at first
            0.25), or any other Keras activation, such as "relu", "elu", "silu" or "gelu".

    Raises:
        UserError: when Keras has no such activation.
    """
    made = {
        "relu": keras.layers.ReLU,
        "leaky_relu": lambda: LeakyReLU(negative_slope=0.2),
    }
    if name == "prelu":
        return _prelu
    try:
        keras.activations.get(name)
    except ValueError as error:
        raise UserError(
            f"Keras has no activation '{name}': give another, such as relu or elu."
        ) from error
    make = made.get(name, lambda: keras.layers.Activation(name))
    return lambda x: make()(x)


def _prelu(x):
    """PReLU (He et al., 2015, https://arxiv.org/abs/1502.01852), initialized as published."""
    positions = list(range(1, len(x.shape) - 1))
    slope = keras.initializers.Constant(0.25)
    return keras.layers.PReLU(slope, shared_axes=positions or None)(x)


def to_keras_layers(model, warn=True):
    """Copies a functional model, with plain Keras layers and float32 precision.

    The saved copy can be loaded where this package is not installed. A layer of this package
    that has no Keras counterpart is kept, with a warning on stderr.

    Args:
        model: a functional `keras.Model`.
        warn: whether to write the warning, default true.

    Returns:
        A `keras.Model` with the same outputs.
    """
    weights = []

    def clone(layer):
        if not isinstance(layer, keras.layers.Layer):  # a function of keras.ops
            return layer
        if hasattr(layer, "keras_layer"):
            copy, values = layer.keras_layer()
        else:
            config = layer.get_config()
            if not isinstance(layer, keras.layers.InputLayer):
                config["dtype"] = "float32"
            copy, values = type(layer).from_config(config), layer.get_weights()
        weights.append((copy, values))
        return copy

    copy = keras.models.clone_model(model, clone_function=clone, recursive=True)
    for layer, values in weights:
        layer.set_weights(values)
    own = {each.__name__ for each in own_layers(copy)}
    if own and warn:
        show(
            f"The {model.name} can be loaded only where gan_tf is installed: Keras has no equivalent "
            f"of {', '.join(sorted(own))}.",
            file=sys.stderr,
        )
    return copy


def own_layers(model):
    """Returns the types of this package's layers in a functional model and its nested models."""
    found = {type(layer) for layer in model.layers if "gan_tf" in type(layer).__module__}
    inside = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    return list(found.union(*map(own_layers, inside)))
