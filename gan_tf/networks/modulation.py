"""Layers of style-based generators: convolutions whose kernels depend on a style, and noise."""

import keras
import tensorflow as tf

from gan_tf.networks.equalized import CLAMP, Equalized, EqualizedDense
from gan_tf.networks.filtering import blur
from gan_tf.networks.moments import widened

_EPSILON = 1e-8  # added to squared norms


@keras.saving.register_keras_serializable("gan_tf")
class ModulatedConv2D(Equalized):
    """A convolution whose kernel each image's style scales: [(batch, h, w, C), (batch, C)] -> maps.

    Image n is convolved with w'[i, j, c, d] = s[n, c] w[i, j, c, d], for each output d divided by its
    norm, sqrt(sum over i, j, c of w'^2 + 1e-8). Scaling the input by s, convolving all images with w,
    and dividing the output is the same, and needs no kernel per image.

    Source: Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020
    (https://arxiv.org/abs/1912.04958), section 2.2, equations 1 to 3, and appendix B. In float16,
    styles are divided by their largest values first, and kernels by theirs times the root of the
    fan-in, which changes nothing else and avoids overflow; without demodulation outputs are limited to
    [-256, 256] instead (Karras et al., 2020, https://arxiv.org/abs/2006.06676, appendix D.1).

    Args:
        filters: output channels.
        size: height and width of the kernel, default 3.
        up: whether height and width are doubled, by a transposed convolution and the filter [1, 3, 3, 1].
            Default false.
        demodulate: whether to divide by the norms, default true.
        **kwargs: as for `Equalized`.
    """

    def __init__(self, filters, size=3, up=False, demodulate=True, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.size = size
        self.up = up
        self.demodulate = demodulate

    def build(self, input_shape):
        self.add_kernel((self.size, self.size, input_shape[0][-1], self.filters))

    def call(self, inputs):
        x, style = inputs
        kernel = self.scaled_kernel()
        if self.demodulate:
            if x.dtype == tf.float16:
                kernel *= self._scale / tf.reduce_max(tf.abs(kernel), (0, 1, 2), keepdims=True)
                style /= tf.reduce_max(tf.abs(style), 1, keepdims=True)
            energies = tf.reduce_sum(tf.square(widened(kernel)), (0, 1))
            norms = tf.matmul(tf.square(widened(style)), energies)
            factors = tf.cast(tf.math.rsqrt(norms + _EPSILON), x.dtype)
        x = self._convolved(x * style[:, None, None], kernel)
        if self.demodulate:
            x *= factors[:, None, None]
        x = self.biased(x)
        if x.dtype == tf.float16 and not self.demodulate:  # no limited activation follows
            x = tf.clip_by_value(x, -CLAMP, CLAMP)
        return x

    def _convolved(self, x, kernel):
        if not self.up:
            return tf.nn.conv2d(x, kernel, 1, "SAME")
        batch, height, width = tf.shape(x)[0], *x.shape[1:3]
        shape = (batch, 2 * height + 1, 2 * width + 1, self.filters)
        x = tf.nn.conv2d_transpose(x, tf.transpose(kernel, (0, 1, 3, 2)), shape, 2, "VALID")
        return blur(tf.ensure_shape(x, (None, *shape[1:])), (1, 1), gain=4)

    def compute_output_shape(self, input_shape):
        batch, *sides, _ = input_shape[0]
        return (batch, *(2 * side if self.up else side for side in sides), self.filters)

    def get_config(self):
        return super().get_config() | {
            "filters": self.filters,
            "size": self.size,
            "up": self.up,
            "demodulate": self.demodulate,
        }


@keras.saving.register_keras_serializable("gan_tf")
class Style(EqualizedDense):
    """The style of one convolution, an affine function of a row of w: (batch, n, m) -> (batch, units).

    Biases are 1 at first, so that a style scales by about 1.

    Args:
        units: channels of the convolution's input.
        row: the index of the row.
        **kwargs: as for `EqualizedDense`.
    """

    def __init__(self, units, row, bias_start=1.0, **kwargs):
        super().__init__(units, bias_start=bias_start, **kwargs)
        self.row = row

    def call(self, inputs):
        return super().call(inputs[:, self.row])

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)

    def get_config(self):
        return super().get_config() | {"row": self.row}


@keras.saving.register_keras_serializable("gan_tf")
class LearnedMap(keras.layers.Layer):
    """A learned map, from N(0, 1), the same for all rows of its input: (batch, ...) -> (batch, *shape).

    Args:
        shape: (height, width, channels).
    """

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        self.shape = tuple(shape)

    def build(self, input_shape):
        start = keras.initializers.RandomNormal(0.0, 1.0)
        self.map = self.add_weight(shape=self.shape, initializer=start, name="map")

    def call(self, inputs):
        return tf.tile(tf.convert_to_tensor(self.map)[None], (tf.shape(inputs)[0], 1, 1, 1))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.shape)

    def get_config(self):
        return super().get_config() | {"shape": self.shape}


@keras.saving.register_keras_serializable("gan_tf")
class MapNoise(keras.layers.Layer):
    """Adds N(0, 1) times a learned strength, at first 0, to each pixel, the same for all channels.

    In training each image gets noise of its own; in use all images get the same, which is drawn once
    and saved with the weights, so that an image depends on its latent alone.

    Source: Karras et al., 2019 (https://arxiv.org/abs/1812.04948), section 2; 2020
    (https://arxiv.org/abs/1912.04958), section 2.1.

    Args:
        seed: of the noise in training, an int; None: random.
    """

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        self.strength = self.add_weight(shape=(), initializer="zeros", name="strength")
        self.noise = self.add_weight(
            shape=(*input_shape[1:3], 1),
            initializer=keras.initializers.RandomNormal(0.0, 1.0),
            trainable=False,
            name="noise",
        )

    def call(self, inputs, training=False):
        noise = tf.convert_to_tensor(self.noise)[None]
        if training:
            shape = (tf.shape(inputs)[0], *inputs.shape[1:3], 1)
            noise = keras.random.normal(shape, dtype=inputs.dtype, seed=self.seed_generator)
        return inputs + tf.convert_to_tensor(self.strength) * noise

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"seed": self.seed}
