"""From logits of tokens to rows that can be trained on: softmax, Gumbel-softmax, straight-through."""

import keras
import tensorflow as tf

from gan_tf.errors import UserError

RELAXATIONS = ("softmax", "gumbel", "straight_through")


@keras.saving.register_keras_serializable("gan_tf")
class Columns(keras.layers.Layer):
    """The columns from `start` to `stop` of (batch, n)."""

    def __init__(self, start=None, stop=None, **kwargs):
        super().__init__(**kwargs)
        self.start = start
        self.stop = stop

    def call(self, inputs):
        return inputs[:, self.start : self.stop]

    def compute_output_shape(self, input_shape):
        columns = range(input_shape[-1])[self.start : self.stop]
        return (input_shape[0], len(columns))

    def get_config(self):
        return super().get_config() | {"start": self.start, "stop": self.stop}


@keras.saving.register_keras_serializable("gan_tf")
class Relaxation(keras.layers.Layer):
    """Logits (batch, length, tokens) to rows over the tokens, float32 of the same shape.

    softmax: probabilities. straight_through: one-hot rows of the largest logits, with the gradient
    of the probabilities (Bengio et al., 2013). gumbel: in training softmax((logits + g) / t) with
    Gumbel noise g (Jang et al., 2017; Maddison et al., 2017), the largest of which is a token drawn
    with its probability; in inference one-hot rows of tokens drawn with the same probabilities, each
    by one normal variable, so that a sample is a function of its latent.

    Source: https://arxiv.org/abs/1611.01144, equation 2; https://arxiv.org/abs/1308.3432.

    Args:
        kind: "softmax", "gumbel" or "straight_through".
        temperature: t at first, above 0; kept in the weight `temperature`, which a trick can change.
        seed: of the noise.

    Call with the logits; of "gumbel" with [logits, normal variables (batch, length)].
    """

    def __init__(self, kind, temperature=1.0, seed=0, **kwargs):
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.kind = kind
        self.initial_temperature = temperature
        self.seed = seed
        if kind == "gumbel":
            self._random = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        if self.kind == "gumbel":
            self.temperature = self.add_weight(
                shape=(),
                initializer=keras.initializers.Constant(self.initial_temperature),
                trainable=False,
                name="temperature",
            )
        self.built = True

    def call(self, inputs, training=False):
        if self.kind == "softmax":
            return tf.nn.softmax(inputs)
        if self.kind == "straight_through":
            return straight_through(inputs)
        logits, normal = inputs
        if not training:
            return drawn(logits, normal)
        return relaxed(logits, self.temperature, self._random)

    def compute_output_shape(self, input_shape):
        return input_shape[0] if self.kind == "gumbel" else input_shape

    def get_config(self):
        return super().get_config() | {
            "kind": self.kind,
            "temperature": self.initial_temperature,
            "seed": self.seed,
        }


def straight_through(logits):
    """Returns one-hot rows of the largest logits, with the gradient of the softmax."""
    soft = tf.nn.softmax(logits)
    hard = tf.one_hot(tf.argmax(logits, axis=-1), logits.shape[-1])
    return soft + tf.stop_gradient(hard - soft)


def relaxed(logits, temperature, seed):
    """Returns a Gumbel-softmax sample of logits (..., tokens).

    Args:
        logits: the logits.
        temperature: above 0; the smaller, the closer to one-hot rows.
        seed: a `keras.random.SeedGenerator`.
    """
    uniform = keras.random.uniform(tf.shape(logits), seed=seed)
    uniform = tf.clip_by_value(uniform, 1e-20, 1 - 1e-7)
    return tf.nn.softmax((logits - tf.math.log(-tf.math.log(uniform))) / temperature)


def drawn(logits, normal):
    """Returns one-hot rows of tokens drawn with the probabilities of logits (..., tokens).

    Args:
        logits: the logits.
        normal: N(0, 1), (...): the quantile of each draw.
    """
    totals = tf.cumsum(tf.nn.softmax(logits), axis=-1)
    quantile = 0.5 * (1 + tf.math.erf(normal / 2**0.5))
    passed = totals <= tf.expand_dims(quantile, -1) * totals[..., -1:]
    tokens = tf.reduce_sum(tf.cast(passed, tf.int32), axis=-1)
    return tf.one_hot(tf.minimum(tokens, logits.shape[-1] - 1), logits.shape[-1])


def split(latents, length, kind):
    """Returns the latents of a network, and those that choose its tokens (None: nothing is drawn).

    Args:
        latents: a Keras tensor (batch, n).
        length: tokens of a sequence.
        kind: an entry of `RELAXATIONS`.

    Raises:
        UserError: when the latents are too short.
    """
    if kind != "gumbel":
        return latents, None
    if latents.shape[-1] <= length:
        raise UserError(
            f"--latent_dim={latents.shape[-1]} is too short for --relaxation=gumbel, which draws each of "
            f"{length} tokens with one component and leaves the rest to the network: give "
            f"--latent_dim={length + 64} or so, or another --relaxation."
        )
    return Columns(length)(latents), Columns(0, length)(latents)


def temperatures(network):
    """Returns [(weight, its first value)] of the Gumbel temperatures of a network."""
    found = (each for each in network._flatten_layers() if hasattr(each, "initial_temperature"))
    return [
        (each.temperature, each.initial_temperature)
        for each in found
        if hasattr(each, "temperature")
    ]
