"""Keras layers that the networks share."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("gan_tf")
class BatchNormalization(keras.layers.BatchNormalization):
    """`keras.layers.BatchNormalization`, computed by TensorFlow's fused kernel.

    Keras 3 computes the moments with operations of their own, which costs a whole
    DCGAN step a third of its time on a CPU. Arguments, weights, outputs and gradients
    are those of the Keras layer (`get_config` is the same, so `as_stock` can give
    back a plain one); where the fused kernel does not apply (inputs that are not NHWC
    images, masks, renormalisation, synchronised statistics) it runs the Keras code.

    Source: Ioffe and Szegedy, "Batch Normalization", 2015.
    """

    def call(self, inputs, training=None, mask=None):
        fusable = (
            len(inputs.shape) == 4
            and self.axis in (-1, 3)
            and mask is None
            and self.scale
            and self.center
            and not getattr(self, "renorm", False)  # new in Keras 3.13
            and not self.synchronized
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


def as_stock(model):
    """Copies a functional model, with plain Keras layers and float32 precision.

    The copy can be saved and then loaded where this package is not installed.

    Args:
        model: a functional `keras.Model`.

    Returns:
        A `keras.Model` with the same weights and outputs.
    """

    def clone(layer):
        config = layer.get_config()
        if not isinstance(layer, keras.layers.InputLayer):
            config["dtype"] = "float32"
        kind = type(layer)
        if kind is BatchNormalization:
            kind = keras.layers.BatchNormalization
        return kind.from_config(config)

    copy = keras.models.clone_model(model, clone_function=clone)
    copy.set_weights(model.get_weights())
    return copy
