"""Likelihoods of what a generator draws under the oracle, and of what the oracle draws under it."""

import functools

import keras
import numpy as np
import tensorflow as tf

from gan_tf import latents
from gan_tf.data.oracle import LENGTH, Oracle
from gan_tf.networks import policy as policies
from gan_tf.networks.lstm import LSTM
from gan_tf.runs.steering import Steering
from gan_tf.runs.trained_run import TrainedRun

_CHUNK = 500
_TESTED = 2_000  # sequences of the oracle that are held out
_TEST_SEED = 1  # as in gan_tf.data.oracle


@functools.cache
def oracle_of(path):
    """Returns the `Oracle` of a file, or the random one."""
    return Oracle.read(path) if path else Oracle.random()


def of_run(run_dir, step, oracle, samples):
    """Returns the scores of a checkpoint, a dict: nll_oracle, nll_test, distinct.

    nll_oracle: mean negative log-likelihood under the oracle, nats per token, of what is drawn.
    nll_test: that of 2,000 sequences of the oracle under the generator.
    distinct: the share of different sequences among those drawn.
    """
    trained = TrainedRun(run_dir, str(step))
    return _scores(trained, oracle, samples, 1.0)


def sweep(run_dir, oracle, samples, temperatures):
    """Returns {temperature: the scores of a run's last checkpoint at it}."""
    trained = TrainedRun(run_dir)
    return {str(each): _scores(trained, oracle, samples, each) for each in temperatures}


def references(oracle, samples, width):
    """Yields the scores of the oracle itself, of uniform tokens, and of an untrained generator."""
    yield {"what": "oracle", "nll_oracle": _mean(oracle.nll(oracle.draw(samples, seed=2)))}
    random = np.random.default_rng(0)
    uniform = random.integers(0, oracle.num_tokens, (samples, LENGTH), np.int32)
    yield {"what": "uniform tokens", "nll_oracle": _mean(oracle.nll(uniform))}
    keras.utils.set_random_seed(0)
    generator = LSTM(width=width).generator((LENGTH, oracle.num_tokens))
    drawn = np.concatenate(
        [
            generator(random.standard_normal((_CHUNK, LENGTH), np.float32))
            for _ in range(-(-samples // _CHUNK))
        ]
    )
    yield {"what": "untrained generator", "nll_oracle": _mean(oracle.nll(drawn[:samples]))}


@functools.cache
def _held_out(oracle):
    """Sequences of an oracle that no generator has learned from; drawn once, as they take seconds."""
    return oracle.draw(_TESTED, _TEST_SEED)


def _scores(trained, oracle, samples, temperature):
    noise = latents.draw(0, range(samples), trained.latent_dim)
    steering = None if temperature == 1 else Steering(temperature)
    drawn = trained.samples(noise, steering=steering)
    model = policies.of(trained.generator)
    test, found = _held_out(oracle), []
    for at in range(0, len(test), _CHUNK):
        rows = test[at : at + _CHUNK]
        logits = tf.nn.log_softmax(model.logits(rows) / temperature)
        found.append(-tf.gather(logits, rows, batch_dims=2).numpy())
    return {
        "nll_oracle": _mean(oracle.nll(drawn)),
        "nll_test": _mean(np.concatenate(found)),
        "distinct": round(len(np.unique(drawn, axis=0)) / samples, 4),
    }


def _mean(values):
    return round(float(np.mean(values)), 4)
