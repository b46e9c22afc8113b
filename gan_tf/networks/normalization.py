"""Normalization layers, and the choice of them for a network."""

import contextlib
import functools

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.moments import BatchNormalization, GroupNormalization, moments, widened

REFERENCE_SIZE = 32  # examples in the reference batch of virtual batch normalization


@keras.saving.register_keras_serializable("gan_tf")
class Reference(keras.layers.Layer):
    """Prepends a fixed batch of reference examples: (batch, ...) -> (size + batch, ...).

    The examples are a non-trainable weight, drawn from N(0, 1) until `set_reference` replaces
    it; see `VirtualBatchNormalization`.

    Args:
        size: the number of reference examples, from 2.
    """

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self._captures = False

    def build(self, input_shape):
        self.reference = self.add_weight(
            shape=(self.size, *input_shape[1:]),
            initializer=keras.initializers.RandomNormal(0.0, 1.0),
            trainable=False,
            name="reference",
        )
        self.built = True

    def call(self, inputs):
        if self._captures:
            indices = tf.range(self.size) % tf.shape(inputs)[0]
            self.reference.assign(tf.cast(tf.gather(inputs, indices), tf.float32))
        return tf.concat([tf.cast(self.reference, inputs.dtype), inputs], axis=0)

    @contextlib.contextmanager
    def capturing(self):
        """Inside this context, the layer's first input examples become the reference."""
        self._captures = True
        try:
            yield
        finally:
            self._captures = False

    def compute_output_shape(self, input_shape):
        return (None, *input_shape[1:])

    def get_config(self):
        return super().get_config() | {"size": self.size}


@keras.saving.register_keras_serializable("gan_tf")
class Examples(keras.layers.Layer):
    """The rows of a batch from `start` to `stop`: with or without the reference examples."""

    def __init__(self, start=None, stop=None, **kwargs):
        super().__init__(**kwargs)
        self.start = start
        self.stop = stop

    def call(self, inputs):
        return inputs[self.start : self.stop]

    def compute_output_shape(self, input_shape):
        return (None, *input_shape[1:])

    def get_config(self):
        return super().get_config() | {"start": self.start, "stop": self.stop}


@keras.saving.register_keras_serializable("gan_tf")
class VirtualBatchNormalization(keras.layers.Layer):
    """Normalizes each example by the statistics of a reference batch and of the example itself.

    No example's output depends on the rest of its batch, in training or inference. The first
    `size` rows are the reference examples (see `Reference`), normalized by their own
    statistics; any other row x by the mean and variance, over positions too, of the reference
    examples and x together. Each pass through the network, including generation, therefore
    processes `size` more examples; gradients flow through them.

    Source: Salimans et al., "Improved techniques for training GANs", 2016
    (https://arxiv.org/abs/1606.03498), section 3.4.

    Args:
        size: the number of reference examples.
        epsilon: added to the variance, default 1e-5.
    """

    def __init__(self, size, epsilon=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.epsilon = epsilon

    def build(self, input_shape):
        shape = input_shape[-1:]
        self.gamma = self.add_weight(shape=shape, initializer="ones", name="gamma", autocast=False)
        self.beta = self.add_weight(shape=shape, initializer="zeros", name="beta", autocast=False)
        self.built = True

    def call(self, inputs):
        x = widened(inputs)
        means, variances = moments(x, list(range(1, inputs.shape.rank - 1)))
        between = moments(means[: self.size], [0])
        mean = between[0]
        variance = tf.reduce_mean(variances[: self.size], 0, keepdims=True) + between[1]
        # In the combined statistics the example has the weight 1 / (size + 1).
        weight = 1 / (self.size + 1)
        distance = means[self.size :] - mean
        combined = (1 - weight) * variance + weight * variances[self.size :]
        combined += weight * (1 - weight) * tf.square(distance)
        mean = self._rows(mean, mean + weight * distance)
        variance = self._rows(variance, combined)
        x = (x - mean) * tf.math.rsqrt(variance + self.epsilon)
        return tf.cast(x * self.gamma + self.beta, inputs.dtype)

    def _rows(self, of_reference, of_others):
        return tf.concat([tf.repeat(of_reference, self.size, axis=0), of_others], axis=0)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"size": self.size, "epsilon": self.epsilon}


def synchronize(network, whole_batch):
    """Sets whether batch normalization uses the statistics of the complete batch, of all replicas.

    Args:
        network: a functional `keras.Model`.
        whole_batch: whether it does; otherwise it uses those of the replica's part.
    """
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = whole_batch


def is_synchronized(network):
    """Returns whether a network has batch normalization of the complete batch, see `synchronize`."""
    return any(getattr(layer, "synchronized", False) for layer in network.layers)


def set_reference(network, inputs):
    """Sets the reference examples of a network that has virtual batch normalization.

    Call it once, before training. A discriminator's are real images, a generator's are its
    training inputs: latents, and labels if it is conditional. Other networks are unchanged.

    Args:
        network: a functional `keras.Model`.
        inputs: its inputs, at least `REFERENCE_SIZE` examples (times the packing); fewer are
            repeated.
    """
    with contextlib.ExitStack() as stack:
        # Includes those of nested networks.
        references = [each for each in network._flatten_layers() if isinstance(each, Reference)]
        for layer in references:
            stack.enter_context(layer.capturing())
        if references:
            network(inputs)


class Normalizer:
    """Creates the normalization layers of one network, each with its conditional modulation.

    Args:
        make: returns a new layer.
        modulate: None, or a function applied to the feature map after each layer.

    Attributes:
        shifts: whether the layers add an offset, which makes a preceding bias redundant.
    """

    shifts = True

    def __init__(self, make, modulate=None):
        self._make = make
        self._modulate = modulate or (lambda x: x)

    def begin(self, inputs):
        """Returns the input of the network's first layer."""
        return inputs

    def layer(self):
        """Creates a layer; returns a function: feature map -> feature map."""
        normalize = self._make()
        return lambda x: self._modulate(normalize(x))

    def end(self, x):
        """Returns the network's feature map after its last normalization."""
        return x


class _Nothing(Normalizer):
    shifts = False


class _Virtual(Normalizer):
    def begin(self, inputs):
        return Reference(REFERENCE_SIZE)(inputs)

    def layer(self):
        normalize = self._make()

        def apply(x):
            x = normalize(x)
            reference = Examples(stop=REFERENCE_SIZE)(x)  # has no labels to modulate by
            modulated = self._modulate(Examples(start=REFERENCE_SIZE)(x))
            return keras.layers.Concatenate(axis=0)([reference, modulated])

        return apply

    def end(self, x):
        return Examples(start=REFERENCE_SIZE)(x)


def _group_normalization(groups, epsilon, **_):
    # Keras's default epsilon of 1e-3 exceeds the variance of an untrained network's first maps.
    return GroupNormalization(groups=groups, epsilon=epsilon)


_KINDS = {
    "batch": (Normalizer, lambda **options: BatchNormalization(**options)),
    "instance": (Normalizer, functools.partial(_group_normalization, -1)),
    "layer": (Normalizer, functools.partial(_group_normalization, 1)),
    "virtual_batch": (_Virtual, lambda **_: VirtualBatchNormalization(REFERENCE_SIZE)),
    "none": (_Nothing, lambda **_: lambda x: x),
}


def normalizer(kind, modulate=None, batch_norm=lambda: {"momentum": 0.9, "epsilon": 1e-5}):
    """Returns the `Normalizer` of a network.

    Args:
        kind: "batch"; "instance": over the positions of an image, each channel independently;
            "layer": over all positions and channels of an image; "virtual_batch"; "none".
        modulate: see `Normalizer`.
        batch_norm: returns the arguments of a `BatchNormalization`; called for each layer,
            so that each has its own initializer.

    Raises:
        UserError: for an unknown kind.
    """
    if kind not in _KINDS:
        raise UserError(f"Unknown normalization '{kind}'; choose from: {', '.join(_KINDS)}.")
    cls, make = _KINDS[kind]
    return cls(lambda: make(**batch_norm()), modulate)
