"""Resampling of feature maps by 2 through the filter [1, 3, 3, 1], which aliases little.

Source: Karras et al., "A Style-Based Generator Architecture for Generative Adversarial Networks",
2019 (https://arxiv.org/abs/1812.04948), appendix C; the filter is that of StyleGAN2's code
(Karras et al., 2020, https://arxiv.org/abs/1912.04958, appendix B). Beyond their edges maps are 0.
"""

import keras
import numpy as np
import tensorflow as tf

_TAPS = np.array([1, 3, 3, 1])


def blur(x, margins, gain=1.0):
    """Convolves each channel with [1, 3, 3, 1] / 8 along both axes.

    Args:
        x: (batch, h, w, C).
        margins: zeros before and after the map along both axes, up to 3.
        gain: multiplies the result, default 1.

    Returns:
        (batch, h + sum(margins) - 3, ..., C).
    """
    opposite = tuple(3 - each for each in margins)
    return _linear(
        lambda maps: _filtered(maps, _explicit(margins), gain),
        lambda change: blur(change, opposite, gain),
        x,
    )


@keras.saving.register_keras_serializable("gan_tf")
class FilteredUpsampling2D(keras.layers.Layer):
    """Doubles maps: (batch, h, w, C) -> (batch, 2 h, 2 w, C).

    Zeros are put between the pixels, and the result is convolved with [1, 3, 3, 1] / 4, so that each
    new pixel is 3/4 of the nearest one and 1/4 of the next.
    """

    def call(self, inputs):
        return _doubled(inputs)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (batch, 2 * height, 2 * width, channels)


@keras.saving.register_keras_serializable("gan_tf")
class FilteredDownsampling2D(keras.layers.Layer):
    """Halves maps of even sizes: (batch, h, w, C) -> (batch, h / 2, w / 2, C), by [1, 3, 3, 1] / 8."""

    def call(self, inputs):
        return _halved(inputs)

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        return (batch, height // 2, width // 2, channels)


def _doubled(x):
    """A map with twice the height and width."""
    return _linear(_filtered_between_zeros, lambda change: 4 * _halved(change), x)


def _halved(x):
    """A map with half the height and width."""
    if x.dtype == tf.float32:  # in which alone TensorFlow's gradient is the faster one
        return _filtered(x, "SAME", stride=2)
    return _linear(
        lambda maps: _filtered(maps, "SAME", stride=2), lambda change: _doubled(change) / 4, x
    )


def _linear(function, transposed, x):
    """Returns function(x), with a given gradient: TensorFlow's own takes several times as long on a CPU.

    Args:
        function: of a tensor, linear.
        transposed: the gradient, a function of that of the result; its own gradient is taken as usual.
        x: a tensor.
    """
    return tf.custom_gradient(lambda maps: (function(maps), transposed))(x)


def _filtered_between_zeros(x):
    """`_filtered`, after zeros were put behind each pixel, to the right and below."""
    zeros = [(0, 0), (0, 0), (0, 0), (0, 3 * x.shape[-1])]
    spread = tf.nn.depth_to_space(tf.pad(x, zeros), 2)
    return _filtered(spread, _explicit((2, 1)), gain=4)


def _filtered(x, padding, gain=1.0, stride=1):
    """A depthwise convolution with [1, 3, 3, 1] / 8 along both axes."""
    filters = np.multiply.outer(_TAPS, _TAPS) * (gain / _TAPS.sum() ** 2)
    filters = np.repeat(filters[..., None, None], x.shape[-1], axis=2)
    filters = tf.constant(filters, x.dtype)
    return tf.nn.depthwise_conv2d(x, filters, (1, stride, stride, 1), padding)


def _explicit(margins):
    """Zeros before and after a map along both axes, as TensorFlow takes them."""
    return [(0, 0), margins, margins, (0, 0)]
