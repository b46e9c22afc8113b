"""Convolutions that upsample or downsample feature maps by 2."""

import keras
import tensorflow as tf
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks.convolution import (
    Conv2D,
    Conv2DTranspose,
    PooledConv2D,
    UpSampledConv2D,
)
from gan_tf.networks.keras_equivalent import KerasEquivalent


def upsampling(kind, filters, wrap, odd=False, transposed_kernel=4, **options):
    """Creates an upsampling convolution: (batch, h, w, C) -> (batch, 2 h, 2 w, filters).

    Args:
        kind: "transposed": a transposed 4x4 convolution; "pixel_shuffle": a 3x3 convolution
            to four times the channels, which become 2x2 pixels (Shi et al., 2016,
            https://arxiv.org/abs/1609.05158); "nearest" or "bilinear": resize, then a 3x3
            convolution (Odena et al., 2016, "Deconvolution and checkerboard artifacts").
        filters: output channels.
        wrap: the wrapper of the convolution, e.g. from `gan_tf.networks.spectral.spectral`.
        odd: whether to drop the last row and column, for a size of 2 h - 1. Default False.
        transposed_kernel: height and width of the kernel of "transposed", default 4: a multiple of
            the stride avoids checkerboard artifacts.
        **options: for the convolution.

    Returns:
        A function of Keras tensors.

    Raises:
        UserError: for an unknown kind.
    """
    make = _look_up(_UPSAMPLINGS, kind, "upsampling")
    return make(filters, wrap, odd, transposed_kernel, **options)


def downsampling(kind, filters, wrap, **options):
    """Creates a downsampling convolution: (batch, h, w, C) -> (batch, h/2, w/2, filters), rounded up.

    Args:
        kind: "strided": a 4x4 convolution with stride 2; "average_pool" or "max_pool": a 3x3
            convolution, then 2x2 pooling.
        filters: output channels.
        wrap: the wrapper of the convolution.
        **options: for the convolution.

    Returns:
        A function of Keras tensors.

    Raises:
        UserError: for an unknown kind.
    """
    return _look_up(_DOWNSAMPLINGS, kind, "downsampling")(filters, wrap, **options)


def pixel_shuffle(x):
    """Rearranges groups of channels to 2x2 pixels: (batch, h, w, 4 C) -> (batch, 2 h, 2 w, C).

    The channels are those of the upper left pixel, then the upper right, the lower left and
    the lower right.
    """
    height, width, channels = x.shape[1:]
    if None in (height, width):  # which Keras's layers cannot reshape
        return PixelShuffle()(x)
    x = layers.Reshape((height, width, 2, 2, channels // 4))(x)
    return layers.Reshape((2 * height, 2 * width, channels // 4))(
        layers.Permute((1, 3, 2, 4, 5))(x)
    )


def cropped_like(x, other):
    """Drops the last rows and columns of a map that another does not have.

    Args:
        x: a Keras tensor (batch, H, W, C).
        other: a Keras tensor (batch, h, w, D), not larger than x.

    Returns:
        A Keras tensor (batch, h, w, C).
    """
    sizes = list(zip(x.shape[1:3], other.shape[1:3]))
    if any(None in each for each in sizes):
        return CropLike()([x, other])
    surplus = tuple((0, size - wanted) for size, wanted in sizes)
    return layers.Cropping2D(surplus)(x) if any(map(any, surplus)) else x


def spread(vector, x):
    """Repeats a vector at each position of a map.

    Args:
        vector: a Keras tensor (batch, 1, 1, C).
        x: a Keras tensor (batch, h, w, D).

    Returns:
        A Keras tensor (batch, h, w, C).
    """
    size = tuple(x.shape[1:3])
    if None in size:
        return SpreadLike()([vector, x])
    return vector if size == (1, 1) else layers.UpSampling2D(size)(vector)


@keras.saving.register_keras_serializable("gan_tf")
class PixelShuffle(keras.layers.Layer):
    """`pixel_shuffle` of maps of any size: (batch, h, w, 4 C) -> (batch, 2 h, 2 w, C)."""

    def call(self, inputs):
        return tf.nn.depth_to_space(inputs, 2)

    def compute_output_shape(self, input_shape):
        batch, *size, channels = input_shape
        return (batch, *(each and 2 * each for each in size), channels // 4)


@keras.saving.register_keras_serializable("gan_tf")
class CropLike(keras.layers.Layer):
    """`cropped_like` for maps of any size: [(batch, H, W, C), (batch, h, w, D)] -> (batch, h, w, C)."""

    def call(self, inputs):
        x, other = inputs
        height, width = tf.unstack(tf.shape(other)[1:3])
        return x[:, :height, :width]

    def compute_output_shape(self, input_shape):
        (batch, *_, channels), (_, height, width, _) = input_shape
        return (batch, height, width, channels)


@keras.saving.register_keras_serializable("gan_tf")
class SpreadLike(keras.layers.Layer):
    """`spread` for maps of any size: [(batch, 1, 1, C), (batch, h, w, D)] -> (batch, h, w, C)."""

    def call(self, inputs):
        vector, x = inputs
        return tf.repeat(tf.repeat(vector, tf.shape(x)[1], axis=1), tf.shape(x)[2], axis=2)

    def compute_output_shape(self, input_shape):
        (*_, channels), (batch, height, width, _) = input_shape
        return (batch, height, width, channels)


@keras.saving.register_keras_serializable("gan_tf")
class UpSampling2D(KerasEquivalent, keras.layers.UpSampling2D):
    """`keras.layers.UpSampling2D` that interpolates maps of any size inside a `tf.function` too.

    Arguments and outputs equal those of the Keras layer, and `get_config` is the same. Maps of unknown
    size have no equivalent layer of Keras.
    """

    plain = keras.layers.UpSampling2D
    _any_size = False

    def build(self, input_shape):
        self._any_size = None in input_shape[1:3]
        super().build(input_shape)

    def call(self, inputs):
        known = None not in inputs.shape[1:3]
        if known and self.interpolation == "nearest":
            return _repeated(inputs, *self.size)
        if known or self.interpolation == "nearest":
            return super().call(inputs)
        size = tf.shape(inputs)[1:3] * self.size
        return tf.cast(tf.image.resize(inputs, size, self.interpolation), inputs.dtype)

    def keras_layer(self):
        plain, weights = super().keras_layer()
        if self.interpolation == "nearest" or not self._any_size:
            return plain, weights
        return type(self).from_config(plain.get_config()), weights


@keras.saving.register_keras_serializable("gan_tf")
class PostponedUpSampling2D(UpSampling2D):
    """`keras.layers.UpSampling2D` to twice the size, which the `UpSampledConv2D` after it does.

    Maps of known size are left as they are; others are doubled here.
    """

    def call(self, inputs):
        return super().call(inputs) if None in inputs.shape[1:3] else inputs

    def compute_output_shape(self, input_shape):
        return (
            super().compute_output_shape(input_shape) if None in input_shape[1:3] else input_shape
        )


@keras.saving.register_keras_serializable("gan_tf")
class DoneAveragePooling2D(KerasEquivalent, keras.layers.AveragePooling2D):
    """`keras.layers.AveragePooling2D` of 2x2, which the `PooledConv2D` before it has done."""

    plain = keras.layers.AveragePooling2D

    def call(self, inputs):
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape


def _repeated(x, rows, columns):
    """Repeats rows and columns of maps of known size, which TensorFlow Lite then knows, too."""
    _, height, width, channels = x.shape
    x = tf.reshape(tf.concat([x] * rows, 2), (-1, rows * height, width, channels))
    return tf.reshape(tf.concat([x] * columns, 3), (-1, rows * height, columns * width, channels))


def _transposed(filters, wrap, odd, kernel, **options):
    options |= {"strides": 2, "padding": "same", "output_padding": 1 if odd else None}
    return wrap(Conv2DTranspose(filters, kernel, **options))


def _shuffled(filters, wrap, odd, _, **options):
    convolve = wrap(layers.Conv2D(4 * filters, 3, padding="same", **options))
    return lambda x: _cropped(pixel_shuffle(convolve(x)), odd)


def _bilinear(filters, wrap, odd, _, **options):
    resize = UpSampling2D(2, interpolation="bilinear")
    convolve = wrap(layers.Conv2D(filters, 3, padding="same", **options))
    return lambda x: _cropped(convolve(resize(x)), odd)


def _nearest(filters, wrap, odd, _, **options):
    resize = PostponedUpSampling2D(2)
    convolve = wrap(UpSampledConv2D(filters, 3, padding="same", **options))
    return lambda x: _cropped(convolve(resize(x)), odd)


def _cropped(x, odd):
    return layers.Cropping2D(((0, 1), (0, 1)))(x) if odd else x


def _strided(filters, wrap, **options):
    return wrap(Conv2D(filters, 4, strides=2, padding="same", **options))


def _averaged(filters, wrap, **options):
    def pooled(x):
        even = not any(size is None or size % 2 for size in x.shape[1:3])
        convolution = PooledConv2D if even else layers.Conv2D
        pooling = DoneAveragePooling2D if even else layers.AveragePooling2D
        convolve = wrap(convolution(filters, 3, padding="same", **options))
        return pooling(2, padding="same")(convolve(x))

    return pooled


def _max_pooled(filters, wrap, **options):
    convolve = wrap(layers.Conv2D(filters, 3, padding="same", **options))
    return lambda x: layers.MaxPooling2D(2, padding="same")(convolve(x))


_UPSAMPLINGS = {
    "transposed": _transposed,
    "pixel_shuffle": _shuffled,
    "nearest": _nearest,
    "bilinear": _bilinear,
}
_DOWNSAMPLINGS = {
    "strided": _strided,
    "average_pool": _averaged,
    "max_pool": _max_pooled,
}


def _look_up(kinds, kind, option):
    if kind not in kinds:
        raise UserError(f"Unknown {option} '{kind}'; choose from: {', '.join(kinds)}.")
    return kinds[kind]
