"""Layers with equalized learning rates: weights from N(0, 1), scaled where they are used.

All weights then have about the same size, so that an optimizer with adaptive rates, such as Adam,
changes all layers equally fast.

Source: Karras et al., "Progressive growing of GANs for improved quality, stability, and variation",
2018 (https://arxiv.org/abs/1710.10196), section 4.1.
"""

import math

import keras
import tensorflow as tf

from gan_tf.networks.filtering import blur
from gan_tf.networks.layers import leaky_relu

GAIN = math.sqrt(2)  # keeps the variance of what passes a LeakyReLU
_SLOPE = 0.2
CLAMP = 256.0  # in float16, whose largest number is 65504


class Equalized(keras.layers.Layer):
    """The base class of layers with an equalized kernel and a bias.

    Args:
        rate: multiplies the layer's learning rate, by weights that are 1 / rate as large and scaled
            by it, default 1.
        use_bias: whether a bias is added, default true.
        bias_start: the bias at first, default 0.
        gain: multiplies kernel and bias where they are used, default 1.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, rate=1.0, use_bias=True, bias_start=0.0, gain=1.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.use_bias = use_bias
        self.bias_start = bias_start
        self.gain = gain

    def add_kernel(self, shape):
        """Adds the kernel, whose last axis is that of the outputs, and the bias."""
        self.kernel = self.add_weight(
            shape=shape,
            initializer=keras.initializers.RandomNormal(0.0, 1 / self.rate),
            name="kernel",
        )
        self._scale = self.gain * self.rate / math.sqrt(math.prod(shape[:-1]))
        if self.use_bias:
            start = keras.initializers.Constant(self.bias_start / self.rate)
            self.bias = self.add_weight(shape=shape[-1:], initializer=start, name="bias")

    def scaled_kernel(self):
        """Returns the kernel as it is used: times the gain, divided by the root of its fan-in."""
        return tf.convert_to_tensor(self.kernel) * self._scale

    def biased(self, outputs):
        """Returns outputs with the bias added, if there is one."""
        if not self.use_bias:
            return outputs
        return tf.nn.bias_add(outputs, tf.convert_to_tensor(self.bias) * (self.gain * self.rate))

    def get_config(self):
        own = {"rate": self.rate, "use_bias": self.use_bias, "bias_start": self.bias_start}
        return super().get_config() | own | {"gain": self.gain}


@keras.saving.register_keras_serializable("gan_tf")
class EqualizedDense(Equalized):
    """A fully connected layer with an equalized learning rate: (batch, n) -> (batch, units).

    Args:
        units: the number of outputs.
        **kwargs: as for `Equalized`.
    """

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.add_kernel((input_shape[-1], self.units))

    def call(self, inputs):
        return self.biased(tf.matmul(inputs, self.scaled_kernel()))

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return super().get_config() | {"units": self.units}


@keras.saving.register_keras_serializable("gan_tf")
class EqualizedConv2D(Equalized):
    """A convolution with an equalized learning rate: (batch, h, w, C) -> (batch, h, w, filters).

    Args:
        filters: output channels.
        size: height and width of the kernel, 1 or 3.
        down: whether height and width, which are even, are halved: a blur by [1, 3, 3, 1] precedes a
            convolution with stride 2. Default false.
        **kwargs: as for `Equalized`.
    """

    def __init__(self, filters, size, down=False, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.size = size
        self.down = down

    def build(self, input_shape):
        self.add_kernel((self.size, self.size, input_shape[-1], self.filters))

    def call(self, inputs):
        kernel = self.scaled_kernel()
        if not self.down:
            return self.biased(tf.nn.conv2d(inputs, kernel, 1, "SAME"))
        margin = self.size // 2
        blurred = blur(inputs, (margin + 1, margin + 1))
        return self.biased(tf.nn.conv2d(blurred, kernel, 2, "VALID"))

    def compute_output_shape(self, input_shape):
        batch, *sides, _ = input_shape
        return (batch, *(side // 2 if self.down else side for side in sides), self.filters)

    def get_config(self):
        return super().get_config() | {
            "filters": self.filters,
            "size": self.size,
            "down": self.down,
        }


@keras.saving.register_keras_serializable("gan_tf")
class ScaledLeakyReLU(keras.layers.LeakyReLU):
    """LeakyReLU(0.2) times sqrt(2); in float16 also limited to [-256, 256], as published.

    Source: Karras et al., "Training Generative Adversarial Networks with Limited Data", 2020
    (https://arxiv.org/abs/2006.06676), appendix D.1, for the limits.

    Args:
        negative_slope: default 0.2.
        gain: default sqrt(2); 1 where the preceding layer has it, which is faster.
        **kwargs: for `keras.layers.Layer`.
    """

    def __init__(self, negative_slope=_SLOPE, gain=GAIN, **kwargs):
        super().__init__(negative_slope=negative_slope, **kwargs)
        self.gain = gain

    def call(self, inputs):
        outputs = leaky_relu(inputs, self.negative_slope)
        if self.gain != 1:
            outputs *= self.gain
        if outputs.dtype == tf.float16:
            outputs = tf.clip_by_value(outputs, -CLAMP, CLAMP)
        return outputs

    def get_config(self):
        return super().get_config() | {"gain": self.gain}
