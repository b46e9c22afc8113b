"""An LSTM that writes token by token, each a Gumbel-softmax sample."""

import dataclasses

import keras
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.architecture import Architecture
from gan_tf.networks.relaxation import drawn, relaxed, split
from gan_tf.networks.resnet1d import ResNet1D
from gan_tf.registry import ARCHITECTURES

_EMBEDDING = 32


@ARCHITECTURES.register("gumbel_lstm")
@dataclasses.dataclass(eq=False)
class GumbelLSTM(Architecture):
    """An LSTM that writes tokens, each a Gumbel-softmax sample (RelGAN's idea, Nie et al., 2019).

    The latent becomes the first state of the LSTM, whose input is the embedding of the token before;
    in training that token is relaxed, so that the discriminator's gradient reaches all of them. The
    discriminator is that of `resnet1d`. RelGAN has a relational memory in place of the LSTM, and a
    discriminator of many embeddings; the loss that it uses is --loss=relativistic, and it lowers the
    temperature over the run, as --trick=gumbel_annealing does.

    Source: Nie et al., "RelGAN: Relational Generative Adversarial Networks for Text Generation", 2019
    (https://openreview.net/forum?id=rJedV3R5tm); Kusner and Hernandez-Lobato, 2016
    (https://arxiv.org/abs/1611.04051).

    Args:
        width: units of the LSTM, and channels of the discriminator, default 128.
        gumbel_temperature: above 0, default 1.
        discriminator_norm: "batch", "instance", "layer", "virtual_batch" or "none" (default).
        discriminator_activation: a Keras activation, such as "relu" (default), or "prelu", whose slope
            is learned; "leaky_relu" has a slope of 0.2.
        minibatch_stddev: group size of `MinibatchStddev` before the last layer of the discriminator;
            default 0: none.
        spectral_norm: whether the discriminator has spectral normalization: "none" (default) or
            "discriminator"; the LSTM has none.
    """

    modalities = ("tokens",)
    image_sizes = None
    draws_tokens = True  # with components of the latent, which are N(0, 1)

    width: int = 128
    gumbel_temperature: float = 1.0
    discriminator_norm: str = "none"
    spectral_norm: str = "none"
    discriminator_activation: str = "relu"
    minibatch_stddev: int = 0

    def __post_init__(self):
        super().__post_init__()
        if self.spectral_norm in ("generator", "both"):
            raise UserError(
                f"--spectral_norm={self.spectral_norm}: the LSTM of gumbel_lstm has none; give "
                "discriminator, or none."
            )

    def generate(self, latents, image_shape, modulate=None):
        length, tokens = image_shape
        latents, choices = split(latents, length, "gumbel")
        state = keras.layers.Dense(2 * self.width, "tanh")(latents)
        state = modulate(state) if modulate else state
        write = Writer(length, tokens, self.width, self.gumbel_temperature, name="images")
        return write([state, choices])

    def discriminate(self, images):
        names = ("width", "discriminator_norm", "spectral_norm", "discriminator_activation")
        options = {name: getattr(self, name) for name in (*names, "minibatch_stddev")}
        return ResNet1D(**options).discriminate(images)


@keras.saving.register_keras_serializable("gan_tf")
class Writer(keras.layers.Layer):
    """An LSTM that is fed its own tokens: [states (batch, 2 units), normal (batch, length)] -> rows.

    The rows, float32 (batch, length, tokens), are relaxed in training and one-hot in inference (see
    `gan_tf.networks.relaxation.Relaxation`, "gumbel").

    Args:
        length: tokens of a sequence.
        tokens: the size of the vocabulary.
        units: of the LSTM.
        temperature: as for `Relaxation`.
        seed: of the noise.
    """

    def __init__(self, length, tokens, units, temperature=1.0, seed=0, **kwargs):
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.length = length
        self.tokens = tokens
        self.units = units
        self.initial_temperature = temperature
        self.seed = seed
        self._random = keras.random.SeedGenerator(seed)
        self._cell = keras.layers.LSTMCell(units, dtype="float32")

    def build(self, input_shape):
        self.embedding = self.add_weight(
            shape=(self.tokens, _EMBEDDING), initializer="glorot_uniform", name="embedding"
        )
        self.first = self.add_weight(shape=(1, _EMBEDDING), initializer="zeros", name="first")
        self.kernel = self.add_weight(
            shape=(self.units, self.tokens), initializer="glorot_uniform", name="kernel"
        )
        self.bias = self.add_weight(shape=(self.tokens,), initializer="zeros", name="bias")
        self.temperature = self.add_weight(
            shape=(),
            initializer=keras.initializers.Constant(self.initial_temperature),
            trainable=False,
            name="temperature",
        )
        self._cell.build((None, _EMBEDDING))
        self.built = True

    def call(self, inputs, training=False):
        states, normal = inputs
        state = tf.split(states, 2, axis=-1)
        seen = tf.repeat(tf.convert_to_tensor(self.first), tf.shape(states)[0], axis=0)
        rows = []
        for position in range(self.length):
            hidden, state = self._cell(seen, state)
            logits = tf.matmul(hidden, self.kernel) + self.bias
            if training:
                row = relaxed(logits, self.temperature, self._random)
            else:
                row = drawn(logits, normal[:, position])
            seen = tf.matmul(row, self.embedding)
            rows.append(row)
        return tf.stack(rows, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0][0], self.length, self.tokens)

    def get_config(self):
        return super().get_config() | {
            "length": self.length,
            "tokens": self.tokens,
            "units": self.units,
            "temperature": self.initial_temperature,
            "seed": self.seed,
        }
