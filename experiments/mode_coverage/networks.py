"""The networks for points: those of PacGAN's experiments, and smaller ones."""

import keras
import tensorflow as tf
from keras import layers

from gan_tf.networks.layers import Packing


@keras.saving.register_keras_serializable("gan_tf.experiments")
class Maxout(layers.Layer):
    """The maximum of several linear functions, for each unit (Goodfellow et al., 2013).

    Args:
        units: length of the output.
        pieces: linear functions per unit.
        kernel_initializer, bias_initializer: as for `keras.layers.Dense`.
    """

    def __init__(
        self,
        units,
        pieces,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.units = units
        self.pieces = pieces
        self.linear = layers.Dense(
            units * pieces,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
        )

    def build(self, input_shape):
        self.linear.build(input_shape)
        self.built = True

    def call(self, inputs):
        return tf.reduce_max(tf.reshape(self.linear(inputs), (-1, self.pieces, self.units)), 1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        initializers = {
            name: keras.saving.serialize_keras_object(getattr(self.linear, name))
            for name in ("kernel_initializer", "bias_initializer")
        }
        return super().get_config() | {"units": self.units, "pieces": self.pieces} | initializers


class PublishedPoints:
    """The networks of PacGAN's experiments; weights initialized from N(0, 0.02), as in its code.

    Source: Lin et al., 2018, section 4.1, and github.com/fjxmlzn/PacGAN.
    """

    def generator(self, latent_dim):
        """Builds (batch, latent_dim) -> (batch, 2): 4 x 400 ReLU, batch normalization."""
        x = latents = keras.Input((latent_dim,), name="latent")
        for _ in range(4):
            x = layers.Dense(400, use_bias=False, kernel_initializer=_small())(x)
            x = layers.ReLU()(layers.BatchNormalization(momentum=0.95, epsilon=1e-5)(x))
        points = layers.Dense(2, kernel_initializer=_small(), name="points")(x)
        return keras.Model(latents, points, name="generator")

    def discriminator(self, packing):
        """Builds (batch, 2) -> (batch / packing, 1) logits: 3 x 200 maxout of 5 pieces."""
        points = keras.Input((2,), name="points")
        x = Packing(packing)(points)
        for _ in range(3):
            x = Maxout(200, 5, kernel_initializer=_small())(x)
        return _judging(points, x, _small())


class SpreadPoints:
    """Smaller networks of the same kind, initialized to cover the complete plane.

    Without batch normalization, whose noise in batches of 100 exceeds the width of the modes. Weights
    are initialized from He's normal distribution, biases of the discriminator's first layer from one
    as wide as the data, so that not all its folds pass through the origin.

    Args:
        scale: standard deviation of the data along each axis.
    """

    def __init__(self, scale):
        self.scale = scale

    def generator(self, latent_dim):
        """Builds (batch, latent_dim) -> (batch, 2): 4 x 128 ReLU."""
        x = latents = keras.Input((latent_dim,), name="latent")
        for _ in range(4):
            x = layers.Dense(128, activation="relu", kernel_initializer="he_normal")(x)
        points = layers.Dense(2, kernel_initializer="he_normal", name="points")(x)
        return keras.Model(latents, points, name="generator")

    def discriminator(self, packing):
        """Builds (batch, 2) -> (batch / packing, 1) logits: 3 x 64 maxout of 5 pieces."""
        points = keras.Input((2,), name="points")
        wide = keras.initializers.RandomNormal(0.0, self.scale)
        x = Packing(packing)(points)
        for bias in (wide, "zeros", "zeros"):
            x = Maxout(64, 5, kernel_initializer="he_normal", bias_initializer=bias)(x)
        return _judging(points, x, "glorot_uniform")


def _judging(points, features, initializer):
    x = layers.Activation("linear", name="features")(features)
    logits = layers.Dense(1, kernel_initializer=initializer, name="logits")(x)
    return keras.Model(points, logits, name="discriminator")


def _small():
    return keras.initializers.RandomNormal(0.0, 0.02)
