"""Random shifts of feature maps along time."""

import keras
import tensorflow as tf


@keras.saving.register_keras_serializable("gan_tf")
class PhaseShuffle(keras.layers.Layer):
    """Shifts maps along time by a random whole number, in training only: (batch, T, C) -> the same.

    A discriminator with strides could tell fakes by the phase of the artifacts of transposed
    convolutions; with shifted maps it cannot. All examples of a batch are shifted alike, and what
    is missing at an end is the reflection of what is there.

    Source: Donahue et al., "Adversarial Audio Synthesis", 2019
    (https://arxiv.org/abs/1802.04208), section 3.3, and the authors' code.

    Args:
        radius: the largest shift, from 1; the shift is uniform from -radius to radius. In shorter
            maps it is smaller.
        seed: of the shifts; default: random.
    """

    def __init__(self, radius, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.radius = radius
        self.seed = seed
        self._random = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        length = inputs.shape[1]
        radius = min(self.radius, length - 1)
        if not training or radius < 1:
            return inputs
        padded = tf.pad(inputs, [[0, 0], [radius, radius], [0, 0]], "REFLECT")
        start = keras.random.randint((), 0, 2 * radius + 1, seed=self._random)
        return tf.ensure_shape(padded[:, start : start + length], inputs.shape)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"radius": self.radius, "seed": self.seed}
