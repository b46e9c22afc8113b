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

    The kernel, as a matrix with a column for each output channel, has then a spectral norm of
    about 1. The value is estimated by one power iteration a training call, and the gradient
    flows through it, as published; `keras.layers.SpectralNormalization` projects the stored
    kernel instead. The layer is linear in its kernel, so the output is divided, before the
    bias. The estimate is computed in float32 whatever the precision; a layer that is not
    trainable keeps its own.

    Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018
    (https://arxiv.org/abs/1802.05957), algorithm 1 and equation 12.

    Args:
        layer: a Keras layer that is linear but for its bias, with a `kernel`: `Dense`,
            `Conv2D`, `Conv2DTranspose` or the like, without activation.
        use_bias: whether a bias is added; default: what the layer says.

    Example:

        x = SpectralNormalization(keras.layers.Conv2D(64, 4, strides=2, padding="same"))(images)
    """

    def __init__(self, layer, use_bias=None, **kwargs):
        # So the kernel is read in float32, and the inner layer casts the inputs for itself.
        super().__init__(**(kwargs | {"dtype": "float32"}), autocast=False)
        self.layer = layer
        self.use_bias = layer.use_bias if use_bias is None else use_bias
        self.layer.use_bias = False
        # Where the kernel has its outputs: last, but in a transposed convolution, whose
        # kernel is (height, width, outputs, inputs).
        self._axis = -2 if isinstance(layer, keras.layers.Conv2DTranspose) else -1

    def build(self, input_shape):
        if not self.layer.built:  # it comes built from a file
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
        """The largest singular value, estimated with u, the direction among the outputs."""
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

    def stock(self):
        """Returns a plain layer, not built yet, and the weights that make it equal to this one."""
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
    """Returns what a network's linear layers are wrapped in: `SpectralNormalization`, or nothing.

    Args:
        kind: whose layers are normalised: "none", "discriminator", "generator" or "both".
        network: which network asks, "discriminator" or "generator".

    Raises:
        UserError: when there is no such kind.
    """
    if kind not in _NETWORKS:
        raise UserError(f"There is no spectral_norm '{kind}'; there are: {', '.join(_NETWORKS)}.")
    return SpectralNormalization if network in _NETWORKS[kind] else lambda layer: layer
