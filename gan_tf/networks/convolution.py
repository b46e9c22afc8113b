"""Strided convolutions, each part computed with the algorithm that is fastest on this CPU."""

import keras
import tensorflow as tf

from gan_tf.networks.formulation_choice import Choice, Choices
from gan_tf.networks.formulations import (
    FILTER_GRADIENT,
    FORWARD,
    INPUT_GRADIENT,
    KERNEL,
    STRIDE,
    Geometry,
    halves,
)
from gan_tf.networks.keras_equivalent import KerasEquivalent


class Formulated:
    """Mixin for the layers of this module, which choose among formulations.

    Attributes:
        choices: the `Choices`; by default, rules of thumb.
    """

    choices = Choices()

    def geometry_of(self, shape):
        """Returns the `Geometry` for inputs of a shape, or None if there are no formulations for it."""
        raise NotImplementedError

    def _geometry(self, size, channels, outputs):
        formulated = (
            self.kernel_size == KERNEL
            and self.strides == STRIDE
            and self.padding == "same"
            and self.data_format == "channels_last"
            and self.dilation_rate == (1, 1)
            and getattr(self, "groups", 1) == 1
            and None not in (*size, channels, outputs)
        )
        return Geometry(*size, channels, outputs, self.compute_dtype) if formulated else None

    def _choice(self, geometry):
        return geometry and self.choices.of(geometry)


@keras.saving.register_keras_serializable("gan_tf")
class Conv2D(Formulated, KerasEquivalent, keras.layers.Conv2D):
    """`keras.layers.Conv2D`, faster on some CPUs where the kernel is 4x4 and the stride 2.

    Arguments, weights, outputs and gradients of any order equal those of the Keras layer, and
    `get_config` is the same. Other kernels, strides and paddings use the Keras operations; so do all
    on machines for which there is no rule of thumb, unless `choices` were measured there.
    """

    plain = keras.layers.Conv2D

    def geometry_of(self, shape):
        return self._geometry(shape[1:3], shape[3], self.filters)

    def convolution_op(self, inputs, kernel):
        choice = self._choice(self.geometry_of(inputs.shape))
        if choice is None:
            return super().convolution_op(inputs, kernel)
        return convolve(inputs, tf.convert_to_tensor(kernel), choice)


@keras.saving.register_keras_serializable("gan_tf")
class Conv2DTranspose(Formulated, KerasEquivalent, keras.layers.Conv2DTranspose):
    """`keras.layers.Conv2DTranspose`, faster on some CPUs where the kernel is 4x4 and the stride 2.

    Otherwise as `Conv2D`.
    """

    plain = keras.layers.Conv2DTranspose

    def geometry_of(self, shape):
        size = self.compute_output_shape(shape)[1:3]
        geometry = self._geometry(size, self.filters, shape[3])
        return geometry if geometry and halves(size) == list(shape[1:3]) else None

    def call(self, inputs):
        geometry = self.geometry_of(inputs.shape)
        choice = self._choice(geometry)
        if choice is None:
            return super().call(inputs)
        size = geometry.height, geometry.width
        outputs = convolve_transposed(inputs, tf.convert_to_tensor(self.kernel), size, choice)
        if self.use_bias:
            outputs = tf.nn.bias_add(outputs, tf.convert_to_tensor(self.bias))
        return outputs if self.activation is None else self.activation(outputs)


@keras.saving.register_keras_serializable("gan_tf")
class UpSampledConv2D(Formulated, KerasEquivalent, keras.layers.Conv2D):
    """A 3x3 `keras.layers.Conv2D` of maps that it doubles first: every pixel becomes four equal ones.

    It follows a `gan_tf.networks.resampling.PostponedUpSampling2D`, and its weights are those of the
    Keras layer. What it computes is a transposed 4x4 convolution of stride 2, whose kernel is the sum of
    the given one at four places: 4 products for each output and input channel instead of 9.

    Maps of unknown size are doubled already.
    """

    plain = keras.layers.Conv2D

    def geometry_of(self, shape):
        _, height, width, channels = shape
        if None in (height, width, channels):
            return None
        return Geometry(2 * height, 2 * width, self.filters, channels, self.compute_dtype)

    def convolution_op(self, inputs, kernel):
        geometry = self.geometry_of(inputs.shape)
        if geometry is None:
            return super().convolution_op(inputs, kernel)
        choice = self._choice(geometry) or Choice()
        size = geometry.height, geometry.width
        # A transposed convolution turns its kernel around, and has its outputs first.
        wide = tf.transpose(_widened(kernel)[::-1, ::-1], (0, 1, 3, 2))
        return convolve_transposed(inputs, wide, size, choice)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        if None not in (height, width):
            height, width = 2 * height, 2 * width
        return (batch, height, width, self.filters)


@keras.saving.register_keras_serializable("gan_tf")
class PooledConv2D(Formulated, KerasEquivalent, keras.layers.Conv2D):
    """A 3x3 `keras.layers.Conv2D` of maps of even size, and the means of 2x2 of its outputs.

    A `gan_tf.networks.resampling.DoneAveragePooling2D` follows it, and its weights are those of the Keras
    layer. What it computes is a 4x4 convolution of stride 2, whose kernel is the mean of the given one at
    four places: 16 products for each output and input channel instead of 36.
    """

    plain = keras.layers.Conv2D

    def geometry_of(self, shape):
        return Geometry(*shape[1:], self.filters, self.compute_dtype)

    def convolution_op(self, inputs, kernel):
        choice = self._choice(self.geometry_of(inputs.shape)) or Choice()
        return convolve(inputs, _widened(kernel) / 4, choice)

    def compute_output_shape(self, input_shape):
        batch, height, width, _ = input_shape
        return (batch, height // 2, width // 2, self.filters)


def _widened(kernel):
    """The sum of kernels (3, 3, C, D) at the four places of a 4x4 one: (4, 4, C, D)."""
    places = [[(row, 1 - row), (column, 1 - column)] for row in (0, 1) for column in (0, 1)]
    return tf.add_n([tf.pad(kernel, [*each, (0, 0), (0, 0)]) for each in places])


def convolve(x, w, choice):
    """Convolves with 4x4 kernels and stride 2, "same" padding; differentiable any number of times.

    Args:
        x: (batch, H, W, C).
        w: (4, 4, C, D), of the dtype of x.
        choice: the `Choice` of formulations of this product and of its gradients.

    Returns:
        (batch, ceil(H / 2), ceil(W / 2), D).
    """

    @tf.custom_gradient
    def operation(x, w):
        def gradient(dy):
            size = x.shape[1:3]
            return convolve_transposed(dy, w, size, choice), filter_gradient(x, dy, choice)

        return FORWARD[choice.forward](x, w), gradient

    return operation(x, w)


def convolve_transposed(y, w, size, choice):
    """The transposed convolution: the gradient of `convolve` with respect to its input.

    Args:
        y: (batch, ceil(H / 2), ceil(W / 2), D).
        w: (4, 4, C, D), of the dtype of y.
        size: (H, W).
        choice: as for `convolve`.

    Returns:
        (batch, H, W, C).
    """

    @tf.custom_gradient
    def operation(y, w):
        def gradient(dx):
            return convolve(dx, w, choice), filter_gradient(dx, y, choice)

        return INPUT_GRADIENT[choice.input_gradient](y, w, size), gradient

    return operation(y, w)


def filter_gradient(x, dy, choice):
    """The gradient of `convolve` with respect to its kernels.

    Args:
        x: (batch, H, W, C).
        dy: (batch, ceil(H / 2), ceil(W / 2), D).
        choice: as for `convolve`.

    Returns:
        (4, 4, C, D).
    """

    @tf.custom_gradient
    def operation(x, dy):
        def gradient(dw):
            size = x.shape[1:3]
            return convolve_transposed(dy, dw, size, choice), convolve(x, dw, choice)

        return FILTER_GRADIENT[choice.filter_gradient](x, dy), gradient

    return operation(x, dy)
