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
        lambda maps: _filtered(maps, margins, gain), lambda change: blur(change, opposite, gain), x
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
    return _linear(
        lambda maps: _stretched(_stretched(maps, 1), 2), lambda change: 4 * _halved(change), x
    )


def _halved(x):
    """A map with half the height and width."""
    return _linear(
        lambda maps: _filtered(maps, (1, 1), stride=2), lambda change: _doubled(change) / 4, x
    )


def _linear(function, transposed, x):
    """Returns function(x), with a given gradient: TensorFlow's own takes several times as long on a CPU.

    Args:
        function: of a tensor, linear.
        transposed: the gradient, a function of that of the result; its own gradient is taken as usual.
        x: a tensor.
    """
    return tf.custom_gradient(lambda maps: (function(maps), transposed))(x)


def _filtered(x, margins, gain=1.0, stride=1):
    """`blur` with strides, (h + sum(margins) - 3) / stride, rounded up, as a depthwise convolution."""
    filters = np.multiply.outer(_TAPS, _TAPS) * (gain / _TAPS.sum() ** 2)
    filters = np.repeat(filters[..., None, None], x.shape[-1], axis=2)
    x = tf.pad(x, [(0, 0), margins, margins, (0, 0)])
    filters = tf.constant(filters, x.dtype)
    return tf.nn.depthwise_conv2d(x, filters, (1, stride, stride, 1), "VALID")


def _stretched(x, axis):
    """A map with twice the length along an axis."""
    margins = [(1, 1) if each == axis else (0, 0) for each in range(4)]
    length, padded = x.shape[axis], tf.pad(x, margins)
    before, here, behind = (
        tf.gather(padded, range(start, start + length), axis=axis) for start in range(3)
    )
    both = tf.stack([before / 4 + 0.75 * here, 0.75 * here + behind / 4], axis + 1)
    shape = [*x.shape]
    shape[axis] *= 2
    return tf.reshape(both, [-1, *shape[1:]])
