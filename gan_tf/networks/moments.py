"""Keras's normalization layers with moments that can be differentiated twice.

`tf.nn.moments`, which Keras uses, treats the mean inside the variance as a constant. First
derivatives are exact nevertheless; second derivatives, which penalties on gradients need, are
not. Here moments are computed from their definitions.
"""

import warnings

import keras
import tensorflow as tf

from gan_tf.networks.keras_equivalent import KerasEquivalent
from gan_tf.runtime import replicas

_STACK = 5  # calls from a warning up to the caller of `compile`


def widened(x):
    """Returns a tensor in float32, or unchanged if it is more precise."""
    return x if x.dtype == tf.float64 else tf.cast(x, tf.float32)


def moments(x, axes, keepdims=True):
    """Returns mean and variance over axes, exact in derivatives of any order.

    Args:
        x: a floating-point tensor.
        axes: a sequence of ints.
        keepdims: whether the axes are kept with length 1.
    """
    mean = tf.reduce_mean(x, axes, keepdims=True)
    variance = tf.reduce_mean(tf.square(x - mean), axes, keepdims=keepdims)
    return (mean if keepdims else tf.squeeze(mean, axes)), variance


@keras.saving.register_keras_serializable("gan_tf")
class BatchNormalization(KerasEquivalent, keras.layers.BatchNormalization):
    """`keras.layers.BatchNormalization`, computed by TensorFlow's fused kernel.

    Keras 3 computes the moments with separate operations, which take a third of a DCGAN
    training step on a CPU. Arguments, weights, outputs and first derivatives equal those of the
    Keras layer (`get_config` is the same, so `to_keras_layers` can return a plain one); second
    derivatives are exact. Where the fused kernel does not apply (inputs that are not NHWC
    images, masks, renormalization, synchronized statistics, float64) it runs the Keras code.

    Source: Ioffe and Szegedy, "Batch Normalization", 2015.
    """

    plain = keras.layers.BatchNormalization

    def call(self, inputs, training=None, mask=None):
        fusable = (
            len(inputs.shape) == 4
            and inputs.dtype != tf.float64
            and self.axis in (-1, 3)
            and mask is None
            and self.scale
            and self.center
            and not getattr(self, "renorm", False)  # new in Keras 3.13
            and not self._across_replicas()
        )
        if not fusable:
            return super().call(inputs, training=training, mask=mask)
        gamma, beta = tf.convert_to_tensor(self.gamma), tf.convert_to_tensor(self.beta)
        fused = tf.compat.v1.nn.fused_batch_norm
        if not (training and self.trainable):
            mean = tf.convert_to_tensor(self.moving_mean)
            variance = tf.convert_to_tensor(self.moving_variance)
            return fused(
                inputs, gamma, beta, mean, variance, epsilon=self.epsilon, is_training=False
            )[0]
        outputs, mean, variance = fused(inputs, gamma, beta, epsilon=self.epsilon, is_training=True)
        # The kernel reports the unbiased variance; Keras averages the biased one.
        count = tf.cast(tf.size(inputs) // inputs.shape[-1], variance.dtype)
        variance *= (count - 1) / count
        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            average.assign(average * self.momentum + value * (1 - self.momentum))
        return outputs

    def _across_replicas(self):
        return self.synchronized and replicas.replicas() > 1

    def _moments(self, inputs, mask):
        if mask is not None or self._across_replicas():
            return super()._moments(inputs, mask)  # exact
        return moments(inputs, self._reduction_axes, keepdims=False)


@keras.saving.register_keras_serializable("gan_tf")
class GroupNormalization(KerasEquivalent, keras.layers.GroupNormalization):
    """`keras.layers.GroupNormalization` whose second derivatives are exact.

    Arguments, weights and outputs equal those of the Keras layer, and `get_config` is the same.

    Source: Wu and He, "Group Normalization", 2018.

    Attributes:
        pool: None, or a function from the mean and the variance of an input to those to normalize it
            by (see `gan_tf.networks.pooled_statistics`).
    """

    plain = keras.layers.GroupNormalization
    pool = None

    def call(self, inputs):
        rank, axis = inputs.shape.rank, self.axis % inputs.shape.rank
        each, shape = inputs.shape[axis] // self.groups, tf.shape(inputs)
        split = tf.concat([shape[:axis], [self.groups, each], shape[axis + 1 :]], 0)
        x = tf.reshape(widened(inputs), split)
        mean, variance = moments(x, [other for other in range(1, rank + 1) if other != axis])
        if self.pool:
            mean, variance = self.pool(mean, variance)
        of_channels = [1] * (rank + 1)
        of_channels[axis : axis + 2] = [self.groups, each]
        scale = tf.math.rsqrt(variance + self.epsilon)
        if self.scale:
            scale *= tf.cast(tf.reshape(self.gamma, of_channels), x.dtype)
        x = (x - mean) * scale
        if self.center:
            x += tf.cast(tf.reshape(self.beta, of_channels), x.dtype)
        outputs = tf.ensure_shape(tf.reshape(x, shape), inputs.shape)
        return tf.cast(outputs, self.compute_dtype)


@keras.saving.register_keras_serializable("gan_tf")
class LayerNormalization(KerasEquivalent, keras.layers.LayerNormalization):
    """`keras.layers.LayerNormalization` whose second derivatives are exact.

    Arguments, weights and outputs equal those of the Keras layer, and `get_config` is the same.
    With Keras's deprecated `rms_scaling`, they remain Keras's.

    Source: Ba, Kiros and Hinton, "Layer Normalization", 2016.
    """

    plain = keras.layers.LayerNormalization

    def call(self, inputs):
        if self.rms_scaling:
            return super().call(inputs)
        x = widened(inputs)
        # Keras's moments of centered values are exact: their mean is 0 whatever the inputs.
        return super().call(x - tf.reduce_mean(x, self.axis, keepdims=True))


def differentiate_twice(network):
    """Makes the second derivatives of a network exact, in place.

    Its Keras normalization layers become the classes of this module, which have the same
    configuration, weights and outputs. Subclasses of them cannot, and are warned of; nor can other
    code that calls `tf.nn.moments` or `keras.ops.moments`.

    Args:
        network: a `keras.Model`.
    """
    kinds = (BatchNormalization, GroupNormalization, LayerNormalization)
    exact = {each.plain: each for each in kinds}
    for layer in network._flatten_layers():
        layer.__class__ = exact.get(type(layer), type(layer))
        if isinstance(layer, tuple(exact)) and not isinstance(layer, KerasEquivalent):
            warnings.warn(
                f"The layer '{layer.name}', {type(layer).__name__}, is a subclass of a normalization of "
                "Keras, whose second derivatives are inexact, and so are gradients of penalties: use the "
                "class of Keras itself, which is corrected.",
                stacklevel=_STACK,
            )
