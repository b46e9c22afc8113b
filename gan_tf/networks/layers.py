"""Keras layers that the networks share."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError


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


@keras.saving.register_keras_serializable("gan_tf")
class SpectralNormalization(keras.layers.Layer):
    """Divides the kernel of a convolution or dense layer by its largest singular value.

    The kernel, reshaped to (inputs, outputs), has then a spectral norm of about 1. The value
    is estimated by one power iteration a training call, and the gradient flows through it,
    as published; `keras.layers.SpectralNormalization` projects the stored kernel instead.
    The layer is linear in its kernel, so the output is divided, before the bias. The
    estimate is computed in float32 whatever the precision.

    Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018
    (https://arxiv.org/abs/1802.05957), algorithm 1 and equation 12.

    Args:
        layer: a Keras layer that is linear but for its bias, with a `kernel` whose last axis
            is that of the outputs, e.g. `Dense` or `Conv2D`, without activation.
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

    def build(self, input_shape):
        if not self.layer.built:  # it comes built from a file
            self.layer.build(input_shape)
        outputs = self.layer.kernel.shape[-1]
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
        matrix = tf.reshape(kernel, (-1, kernel.shape[-1]))
        constant = tf.stop_gradient(matrix)
        u = tf.convert_to_tensor(self.direction)
        v = tf.math.l2_normalize(tf.matmul(u, constant, transpose_b=True))
        if training:
            u = tf.math.l2_normalize(tf.matmul(v, constant))
            self.direction.assign(u)
        else:
            u = tf.math.l2_normalize(u)
        return tf.squeeze(tf.matmul(tf.matmul(v, matrix), u, transpose_b=True))

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        return super().get_config() | {
            "layer": keras.saving.serialize_keras_object(self.layer),
            "use_bias": self.use_bias,
        }

    @classmethod
    def from_config(cls, config):
        layer = keras.saving.deserialize_keras_object(config.pop("layer"))
        return cls(layer, **config)


@keras.saving.register_keras_serializable("gan_tf")
class Packing(keras.layers.Layer):
    """Lays consecutive samples over each other: (batch, ..., C) -> (batch / count, ..., count C).

    A discriminator that begins so judges `count` samples at once, all real or all generated,
    and so sees where generated ones lack variety.

    Source: Lin et al., "PacGAN: The power of two samples in generative adversarial networks",
    2018 (https://arxiv.org/abs/1712.04086), section 3.

    Args:
        count: samples in a pack, from 1. The batch must be a multiple of it.
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


def spectral(kind, network):
    """Returns what a network's linear layers are wrapped in: `SpectralNormalization`, or nothing.

    Args:
        kind: whose layers are normalised: "none" or "discriminator".
        network: which network asks, such as "discriminator".

    Raises:
        UserError: when there is no such kind.
    """
    if kind not in ("none", "discriminator"):
        raise UserError(f"There is no spectral_norm '{kind}'; there are: none, discriminator.")
    return SpectralNormalization if kind == network else lambda layer: layer


def normalization(kind, **batch_norm):
    """Returns a new normalization layer, or None.

    Args:
        kind: "batch"; "layer": over all positions and channels of an image; "none".
        **batch_norm: for `BatchNormalization`.

    Raises:
        UserError: when there is no such kind.
    """
    made = {
        "batch": lambda: BatchNormalization(**batch_norm),
        "layer": lambda: keras.layers.GroupNormalization(groups=1),
        "none": lambda: None,
    }
    if kind not in made:
        raise UserError(f"There is no normalization '{kind}'; there are: {', '.join(made)}.")
    return made[kind]()


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

    copy = keras.models.clone_model(model, clone_function=clone, recursive=True)
    copy.set_weights(model.get_weights())
    return copy
