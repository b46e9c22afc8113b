"""The networks of PacGAN's experiments with points, and packing."""

import keras
import tensorflow as tf
from keras import layers


@keras.saving.register_keras_serializable("gan_tf.experiments")
class Packing(layers.Layer):
    """Packs samples, for a discriminator that judges several at once.

    (batch, ..., channels) -> (batch / size, ..., size * channels). The batch must be a multiple
    of the size.

    Source: Lin et al., "PacGAN", 2018 (https://arxiv.org/abs/1712.04086), section 3.

    Args:
        size: samples in a pack, from 1.
    """

    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs):
        shape = tuple(inputs.shape[1:])
        packs = tf.reshape(inputs, (-1, self.size, *shape))
        packs = tf.concat(tf.unstack(packs, axis=1), -1)
        return tf.ensure_shape(packs, self.compute_output_shape(inputs.shape))

    def compute_output_shape(self, input_shape):
        batch, *shape, channels = input_shape
        return (batch and batch // self.size, *shape, self.size * channels)

    def get_config(self):
        return super().get_config() | {"size": self.size}


@keras.saving.register_keras_serializable("gan_tf.experiments")
class Maxout(layers.Layer):
    """The largest of several linear functions, for each unit (Goodfellow et al., 2013).

    Args:
        units: length of the output.
        pieces: linear functions for each.
        kernel_initializer: of their weights.
    """

    def __init__(self, units, pieces, kernel_initializer="glorot_uniform", **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.pieces = pieces
        self.linear = layers.Dense(units * pieces, kernel_initializer=kernel_initializer)

    def build(self, input_shape):
        self.linear.build(input_shape)
        self.built = True

    def call(self, inputs):
        return tf.reduce_max(tf.reshape(self.linear(inputs), (-1, self.pieces, self.units)), 1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        initializer = keras.saving.serialize_keras_object(self.linear.kernel_initializer)
        return super().get_config() | {
            "units": self.units,
            "pieces": self.pieces,
            "kernel_initializer": initializer,
        }


def point_generator(latent_dim, width=400):
    """Builds PacGAN's generator of points: (batch, latent_dim) -> (batch, 2).

    Four hidden layers, ReLU, batch normalization; weights from N(0, 0.02), as in its code.
    """
    x = latents = keras.Input((latent_dim,), name="latent")
    for _ in range(4):
        x = layers.Dense(width, use_bias=False, kernel_initializer=_initializer())(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95, epsilon=1e-5)(x))
    points = layers.Dense(2, kernel_initializer=_initializer(), name="points")(x)
    return keras.Model(latents, points, name="generator")


def point_discriminator(packing=1, width=200, pieces=5):
    """Builds PacGAN's discriminator of points: (batch, 2) -> (batch / packing, 1) logits.

    Three hidden layers of maxout units with five pieces; weights from N(0, 0.02).
    """
    points = keras.Input((2,), name="points")
    x = Packing(packing)(points)
    for _ in range(3):
        x = Maxout(width, pieces, kernel_initializer=_initializer())(x)
    x = layers.Activation("linear", name="features")(x)
    logits = layers.Dense(1, kernel_initializer=_initializer(), name="logits")(x)
    return keras.Model(points, logits, name="discriminator")


def packed(discriminator, image_shape, size):
    """Builds a discriminator of packs: (batch, H, W, C) -> (batch / size, 1) logits.

    Args:
        discriminator: builds one of single images from their shape.
        image_shape: (H, W, C).
        size: images in a pack; 1: none are packed.
    """
    if size == 1:
        return discriminator(image_shape)
    images = keras.Input(image_shape, name="images")
    *shape, channels = image_shape
    logits = discriminator((*shape, size * channels))(Packing(size)(images))
    return keras.Model(images, logits, name="discriminator")


def _initializer():
    return keras.initializers.RandomNormal(0.0, 0.02)
