"""An LSTM that makes sequences of tokens one after the other, and scores given ones."""

import math

import keras
import tensorflow as tf
from keras import layers

from gan_tf.networks.moments import widened

_ONE_LEVEL = 128  # tokens up to which one cumulative sum is as fast as two


@keras.saving.register_keras_serializable("gan_tf")
class LanguageModel(layers.Layer):
    """A distribution of sequences: p(y) = the product of p(y_i | y_1 ... y_{i-1}), by an LSTM.

    Called on standard normal noise (batch, length), it draws a sequence for each row: the i-th number,
    mapped to U(0, 1), chooses the i-th token by the inverse of the cumulative distribution. So a
    sequence is a function of its noise, as an image is of its latent, although not a smooth one.

    All weights are initialized from N(0, deviation), as in the code of SeqGAN, which starts from the
    embedding of token 0; here the start has an embedding of its own.

    Source: Yu et al., "SeqGAN: Sequence generative adversarial nets with policy gradient", 2017
    (https://arxiv.org/abs/1609.05473), section "The generative model for sequences".

    Args:
        vocabulary: the number of tokens.
        length: of a sequence, in tokens.
        embedding: values of a token's embedding, default 32.
        units: of each LSTM, default 32.
        depth: the number of LSTMs, default 1.
        deviation: of the initial weights, default 0.1.
    """

    def __init__(
        self, vocabulary, length, embedding=32, units=32, depth=1, deviation=0.1, **kwargs
    ):
        super().__init__(**kwargs)
        self.vocabulary, self.length, self.depth = vocabulary, length, depth
        self.embedding, self.units, self.deviation = embedding, units, deviation

        def normal():
            return keras.initializers.RandomNormal(0.0, deviation)

        policy = self.dtype_policy
        self._embed = layers.Embedding(
            vocabulary + 1, embedding, normal(), dtype=policy, name="embedding"
        )
        self._cells = [
            layers.LSTMCell(
                units,
                unit_forget_bias=False,
                kernel_initializer=normal(),
                recurrent_initializer=normal(),
                bias_initializer=normal(),
                dtype=policy,
                name=f"lstm_{number}",
            )
            for number in range(depth)
        ]
        for cell in self._cells:
            setattr(self, cell.name, cell)  # checkpoints of TensorFlow leave out lists
        self._project = layers.Dense(
            vocabulary,
            kernel_initializer=normal(),
            bias_initializer=normal(),
            dtype=policy,
            name="logits",
        )

    def build(self, input_shape):
        self._embed.build((None, self.length))
        for number, cell in enumerate(self._cells):
            cell.build((None, self.units if number else self.embedding))
        self._project.build((None, self.units))
        super().build(input_shape)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def compute_output_spec(self, noise, temperature=None, prompt=None, training=False):
        return keras.KerasTensor(noise.shape, "int32")

    def call(self, noise, temperature=None, prompt=None, training=False):
        """Draws a sequence for each row.

        Args:
            noise: float (batch, length), from N(0, 1).
            temperature: float (batch,), by which logits are divided, above 0; None: 1. Near 0, the most
                probable token is taken.
            prompt: int (batch, length): tokens that are taken as given; -1: drawn. None: all drawn.
            training: makes no difference.

        Returns:
            int32 (batch, length).
        """
        uniforms = 0.5 * tf.math.erfc(-tf.cast(noise, tf.float32) / math.sqrt(2.0))
        return self.draw(uniforms, temperature, prompt)

    def draw(self, uniforms, temperature=None, prompt=None):
        """Draws a sequence for each row of U(0, 1), (batch, length); see `call`."""
        batch = tf.shape(uniforms)[0]
        start = self.start(batch)
        empty = tf.zeros((batch, self.length), tf.int32)
        return self.continued(empty, *start, uniforms, 0, temperature, prompt)

    def continued(self, tokens, last, state, uniforms, first, temperature=None, prompt=None):
        """Draws the rest of sequences.

        Args:
            tokens: int32 (batch, length); those from `first` on are replaced.
            last: int32 (batch,): the token before, whose successor is drawn first.
            state: of the LSTM before it takes `last`.
            uniforms: float (batch, length), from U(0, 1).
            first: the index of the first token to draw, a number or a scalar tensor.
            temperature, prompt: as for `call`.

        Returns:
            int32 (batch, length).
        """
        positions = tf.range(self.length)

        def body(at, made, last, state):
            logits, state = self.step(last, state)
            if temperature is not None:
                logits /= tf.cast(temperature, logits.dtype)[:, None]
            chosen = choose(logits, uniforms[:, at])
            if prompt is not None:
                given = tf.cast(prompt[:, at], tf.int32)
                chosen = tf.where(given >= 0, given, chosen)
            made = tf.where(positions == at, chosen[:, None], made)
            return at + 1, made, chosen, state

        loop = (tf.convert_to_tensor(first), tokens, last, state)
        _, made, _, _ = tf.while_loop(lambda at, *_: at < self.length, body, loop)
        return tf.ensure_shape(made, (None, self.length))

    def start(self, batch):
        """Returns the token before the first, int32 (batch,), and the state before it."""
        first = tf.fill((batch,), self.vocabulary)
        return first, [each.get_initial_state(batch_size=batch) for each in self._cells]

    def step(self, tokens, state):
        """Takes a token of each row.

        Args:
            tokens: int (batch,).
            state: the state before.

        Returns:
            float32 logits (batch, vocabulary) of the next token, and the state after.
        """
        outputs, state = self._advance(self._embed(tokens), state)
        return widened(self._project(outputs)), state

    def prefix_states(self, tokens):
        """Returns the states before each token of sequences is taken, for `continued`.

        Args:
            tokens: int (batch, length).

        Returns:
            The structure of a state, of tensors (length, batch, units): item t is the state before
            token t - 1 is taken, where token -1 is the start. So `continued` from it, with token
            t - 1 as the last, draws token t.
        """
        _, states = self._read(tokens)
        return tf.nest.map_structure(lambda *each: tf.stack(each), *states)

    def logits(self, tokens):
        """Returns float32 (batch, length, vocabulary): item t is of token t, given those before."""
        outputs, _ = self._read(tokens)
        return widened(self._project(outputs))

    def log_likelihoods(self, tokens):
        """Returns float32 (batch, length): log p(token t | those before) of int (batch, length)."""
        tokens = tf.cast(tokens, tf.int32)
        return -tf.nn.sparse_softmax_cross_entropy_with_logits(tokens, self.logits(tokens))

    def _read(self, tokens):
        """The outputs before each token, (batch, length, units), and the states, a list."""
        _, state = self.start(tf.shape(tokens)[0])
        before = tf.pad(tokens[:, :-1], [[0, 0], [1, 0]], constant_values=self.vocabulary)
        outputs, states = [], []
        for each in tf.unstack(
            self._embed(before), axis=1
        ):  # without a loop of the graph, which is slower
            states.append(state)
            output, state = self._advance(each, state)
            outputs.append(output)
        return tf.stack(outputs, axis=1), states

    def _advance(self, inputs, state):
        """Takes an embedded token of each row; returns the last LSTM's output, and the state after."""
        after = []
        for cell, before in zip(self._cells, state):
            inputs, its = cell(inputs, before)
            after.append(its)
        return inputs, after

    def get_config(self):
        names = ("vocabulary", "length", "embedding", "units", "depth", "deviation")
        return super().get_config() | {name: getattr(self, name) for name in names}


def choose(logits, uniforms):
    """Draws from categorical distributions, by the inverse of the cumulative distribution.

    Of many tokens, the sums of blocks are searched first, then one block: a cumulative sum over all
    is several times as slow.

    Args:
        logits: float (n, tokens).
        uniforms: float (n,), from U(0, 1).

    Returns:
        int32 (n,): a non-decreasing function of each uniform.
    """
    count = logits.shape[-1]
    weights = tf.exp(logits - tf.reduce_max(logits, axis=-1, keepdims=True))
    uniforms = tf.cast(uniforms, weights.dtype)
    if count <= _ONE_LEVEL:
        sums = tf.cumsum(weights, axis=-1)
        return tf.minimum(_position(sums, uniforms * sums[:, -1]), count - 1)
    size = math.ceil(math.sqrt(count))
    blocks = -(-count // size)
    weights = tf.pad(weights, [[0, 0], [0, blocks * size - count]])
    weights = tf.reshape(weights, (-1, blocks, size))
    sums = tf.cumsum(tf.reduce_sum(weights, axis=-1), axis=-1)
    target = uniforms * sums[:, -1]
    block = tf.minimum(_position(sums, target), blocks - 1)
    before = tf.gather(tf.pad(sums, [[0, 0], [1, 0]]), block, batch_dims=1)
    within = tf.cumsum(tf.gather(weights, block, batch_dims=1), axis=-1)
    place = tf.minimum(_position(within, target - before), size - 1)
    return tf.minimum(block * size + place, count - 1)


def _position(sums, target):
    """How many of each row's cumulative sums are at most the row's target: int32 (n,)."""
    return tf.reduce_sum(tf.cast(sums <= target[:, None], tf.int32), axis=-1)
