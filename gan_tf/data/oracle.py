"""Oracle: sequences of a random LSTM, whose likelihood is known exactly (SeqGAN's synthetic task)."""

import hashlib

import numpy as np

from gan_tf.data.source import Source
from gan_tf.errors import UserError
from gan_tf.files.array_file import read_npz
from gan_tf.registry import DATASETS

VOCABULARY, UNITS, LENGTH, START = 5000, 32, 20, 0
_CHUNK = 500  # sequences at once
_MOST_BYTES = 1 << 28
_GATES = 4  # input, forget, output, cell


class Oracle:
    """An LSTM language model over 5,000 tokens, computed with NumPy.

    Each gate is sigmoid(x W + h U + b), the candidate of the cell tanh of the same; the first input is
    the embedding of token 0, and the output layer is linear, followed by a softmax.

    Source: Yu et al., "SeqGAN", 2017 (https://arxiv.org/abs/1609.05473), section 5.1.

    Args:
        parameters: 15 float32 arrays, in the order of the authors' file: embedding (v, n); W (n, n),
            U (n, n), b (n,) of the input, the forget and the output gate and of the cell; the output
            layer (n, v) and (v,).

    Raises:
        ValueError: when the shapes do not fit.
    """

    def __init__(self, parameters):
        parameters = [np.asarray(each, np.float32) for each in parameters]
        shapes = [each.shape for each in parameters]
        if not parameters or parameters[0].ndim != 2 or shapes != _shapes(*parameters[0].shape):
            raise ValueError("it does not hold the 15 arrays of an LSTM")
        if not all(np.isfinite(each).all() for each in parameters):
            raise ValueError("it holds numbers that are not finite")
        self.embedding, *cell, self._out, self._out_bias = parameters
        self._w, self._u, self._b = (np.concatenate(cell[kind::3], axis=-1) for kind in range(3))

    @property
    def num_tokens(self):
        """The size of the vocabulary."""
        return len(self.embedding)

    @classmethod
    def random(cls, seed=0):
        """Returns an oracle whose parameters are drawn from N(0, 1), as in the paper."""
        random = np.random.default_rng(seed)
        shapes = _shapes(VOCABULARY, UNITS)
        return cls([random.standard_normal(shape, np.float32) for shape in shapes])

    @classmethod
    def read(cls, path):
        """Reads an oracle from an .npz file, its arrays in the order of their names.

        Raises:
            UserError: when it is not one.
        """
        try:
            arrays = read_npz(path, _MOST_BYTES, links=True)
            return cls([arrays[name] for name in sorted(arrays)])
        except (OSError, ValueError, TypeError) as error:
            raise UserError(
                f"--oracle={path} cannot be used ({error}): give an .npz file with the 15 parameters of "
                "SeqGAN's oracle."
            ) from error

    def draw(self, count, seed, length=LENGTH):
        """Draws sequences; returns int32 (count, length), the first n the same for every count."""
        return np.concatenate(
            [
                self._draw(min(_CHUNK, count - start), (seed, start), length)
                for start in range(0, count, _CHUNK)
            ]
        )

    def nll(self, rows):
        """Returns the negative log-likelihood of each of (n, length) sequences per token: float (n,)."""
        parts = [self._nll(rows[start : start + _CHUNK]) for start in range(0, len(rows), _CHUNK)]
        return np.concatenate(parts)

    def _draw(self, count, seed, length):
        uniforms = np.random.default_rng(seed).random((length, _CHUNK))[:, :count]
        rows = np.empty((count, length), np.int32)
        state, tokens = self._start(count)
        for position in range(length):
            state, log_odds = self._step(state, tokens)
            totals = np.exp(log_odds - log_odds.max(axis=1, keepdims=True)).cumsum(axis=1)
            thresholds = uniforms[position, :, None] * totals[:, -1:]
            tokens = np.minimum((totals <= thresholds).sum(axis=1), self.num_tokens - 1)
            rows[:, position] = tokens
        return rows

    def _nll(self, rows):
        state, tokens = self._start(len(rows))
        total = np.zeros(len(rows))
        for following in rows.T:
            state, log_odds = self._step(state, tokens)
            largest = log_odds.max(axis=1)
            normalizer = largest + np.log(np.exp(log_odds - largest[:, None]).sum(axis=1))
            total += normalizer - log_odds[np.arange(len(rows)), following]
            tokens = following
        return total / rows.shape[1]

    def _start(self, count):
        zeros = np.zeros((count, self.embedding.shape[1]), np.float32)
        return (zeros, zeros), np.full(count, START)

    def _step(self, state, tokens):
        """The state after tokens (n,), and the logits of what follows (n, v)."""
        hidden, cell = state
        sums = self.embedding[tokens] @ self._w + hidden @ self._u + self._b
        enter, forget, leave, candidate = np.split(sums, _GATES, axis=1)
        cell = _sigmoid(forget) * cell + _sigmoid(enter) * np.tanh(candidate)
        hidden = _sigmoid(leave) * np.tanh(cell)
        return (hidden, cell), hidden @ self._out + self._out_bias


@DATASETS.register("oracle")
class OracleSequences(Source):
    """Oracle: 10,000 sequences of 20 tokens of a random LSTM (SeqGAN's task); nothing to download.

    Args:
        oracle: an .npz file with the parameters of another oracle, such as the authors'; default: drawn
            from N(0, 1).
    """

    modality = "tokens"
    pairing = "single"
    name = "oracle"
    sample_shape = (LENGTH,)
    num_examples = 10_000
    knows = ("likelihood",)
    terms = "free of terms: drawn by gan_tf from a random network"

    def __init__(self, oracle: str | None = None):
        self.oracle = Oracle.read(oracle) if oracle else Oracle.random()
        self.traits = {
            "vocabulary": [str(each) for each in range(self.oracle.num_tokens)],
            "separator": " ",
        }

    @property
    def cache_key(self):
        return f"oracle-1-{self.content()}"

    def content(self, skipped=(), classes=None):
        parameters = (self.oracle.embedding, self.oracle._out)
        return hashlib.sha256(b"".join(each.tobytes() for each in parameters)).hexdigest()[:16]

    def nll(self, rows):
        """Returns the exact negative log-likelihood of each of (n, 20) sequences per token."""
        return self.oracle.nll(rows)

    def batches(self):
        yield {"tokens": self.oracle.draw(self.num_examples, seed=0)}

    def held_out(self):
        yield {"tokens": self.oracle.draw(2_000, seed=1)}


def _shapes(tokens, units):
    gate = [(units, units), (units, units), (units,)]
    return [(tokens, units), *gate * _GATES, (units, tokens), (tokens,)]


def _sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -60, 60)))
