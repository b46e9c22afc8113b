"""Spectral normalization of the layers of a network."""

import keras
import numpy as np
import tensorflow as tf

from gan_tf.errors import UserError

_NETWORKS = {
    "none": (),
    "discriminator": ("discriminator",),
    "generator": ("generator",),
    "both": ("discriminator", "generator"),
}


@keras.saving.register_keras_serializable("gan_tf")
class SpectralNormalization(keras.layers.Layer):
    """Divides the kernel of a convolution or dense layer by its largest singular value.

    The kernel, as a matrix with a column per output channel, then has a spectral norm of about
    1. The value is estimated by one power iteration per training call, and the gradient flows
    through it, as published; `keras.layers.SpectralNormalization` projects the stored kernel
    instead. Since the layer is linear in its kernel, the output is divided, before the bias.
    The estimate is computed in the precision of the weights; a non-trainable layer keeps its
    estimate.

    Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018
    (https://arxiv.org/abs/1802.05957), algorithm 1 and equation 12.

    Args:
        layer: a Keras layer with a `kernel` that is linear except for its bias: `Dense`,
            `Conv2D`, `Conv2DTranspose` or the like, without activation.
        use_bias: whether a bias is added; default: the layer's setting.

    Example:

        x = SpectralNormalization(keras.layers.Conv2D(64, 4, strides=2, padding="same"))(images)
    """

    def __init__(self, layer, use_bias=None, **kwargs):
        # Keeps the kernel in the precision of the weights; the inner layer casts the inputs.
        super().__init__(**(kwargs | {"dtype": layer.variable_dtype}), autocast=False)
        self.layer = layer
        self.use_bias = layer.use_bias if use_bias is None else use_bias
        self.layer.use_bias = False
        # The kernel's output axis: the last, except in a transposed convolution, whose kernel
        # is (height, width, outputs, inputs), or (length, outputs, inputs).
        transposed = keras.layers.Conv2DTranspose, keras.layers.Conv1DTranspose
        self._axis = -2 if isinstance(layer, transposed) else -1

    def build(self, input_shape):
        if not self.layer.built:  # a loaded layer already is
            self.layer.build(input_shape)
        outputs = self.layer.kernel.shape[self._axis]
        self.direction = self.add_weight(
            shape=(1, outputs), initializer="random_normal", trainable=False, name="direction"
        )
        if self.use_bias:
            self.bias = self.add_weight(shape=(outputs,), initializer="zeros", name="bias")
        self.built = True

    def call(self, inputs, training=False):
        outputs = self.layer(inputs)
        kernel = tf.convert_to_tensor(self.layer.kernel)
        outputs /= tf.cast(self._spectral_norm(kernel, training), outputs.dtype)
        return outputs + tf.cast(self.bias, outputs.dtype) if self.use_bias else outputs

    def _spectral_norm(self, kernel, training):
        """The largest singular value, estimated with u, the singular vector over outputs."""
        outputs = kernel.shape[self._axis]
        if self._axis == -2:
            kernel = tf.linalg.matrix_transpose(kernel)
        matrix = tf.reshape(kernel, (-1, outputs))
        constant = tf.stop_gradient(matrix)
        u = tf.convert_to_tensor(self.direction)
        v = tf.math.l2_normalize(tf.matmul(u, constant, transpose_b=True))
        if training and self.trainable:
            u = tf.math.l2_normalize(tf.matmul(v, constant))
            self.direction.assign(u)
        else:
            u = tf.math.l2_normalize(u)
        return tf.squeeze(tf.matmul(tf.matmul(v, matrix), u, transpose_b=True))

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def keras_layer(self):
        """Returns an equivalent plain layer, not built yet, and its weights."""
        plain = getattr(self.layer, "plain", type(self.layer))
        config = self.layer.get_config() | {"use_bias": self.use_bias, "dtype": "float32"}
        kernel = tf.convert_to_tensor(self.layer.kernel)
        weights = [kernel / self._spectral_norm(kernel, training=False)]
        weights += [self.bias] if self.use_bias else []
        return plain.from_config(config), [np.asarray(each) for each in weights]

    def get_config(self):
        return super().get_config() | {
            "layer": keras.saving.serialize_keras_object(self.layer),
            "use_bias": self.use_bias,
        }

    @classmethod
    def from_config(cls, config):
        layer = keras.saving.deserialize_keras_object(config.pop("layer"))
        return cls(layer, **config)


def spectral(kind, network):
    """Returns the wrapper of a network's linear layers: `SpectralNormalization`, or the identity.

    Args:
        kind: which networks are normalized: "none", "discriminator", "generator" or "both".
        network: the network in question, "discriminator" or "generator".

    Raises:
        UserError: for an unknown kind.
    """
    if kind not in _NETWORKS:
        raise UserError(f"Unknown spectral_norm '{kind}'; choose from: {', '.join(_NETWORKS)}.")
    return SpectralNormalization if network in _NETWORKS[kind] else lambda layer: layer
