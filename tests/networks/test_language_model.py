"""The language model: its likelihoods by hand, and its samples against them, exactly."""

import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.networks.language_model import LanguageModel, choose

VOCABULARY, LENGTH = 3, 4


@pytest.fixture(scope="module")
def model():
    """A model with telling probabilities, of two LSTMs."""
    keras.utils.set_random_seed(1)
    layer = LanguageModel(VOCABULARY, LENGTH, 4, 5, depth=2, deviation=0.8)
    layer.build((None, LENGTH))
    return layer


def everything():
    """All sequences, int32 (81, 4)."""
    return np.array(list(itertools.product(range(VOCABULARY), repeat=LENGTH)), np.int32)


def by_hand(layer, sequence):
    """The log-likelihoods of one sequence's tokens, with NumPy; the gates are i, f, c, o."""

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    embedding, *lstms, kernel, bias = [np.asarray(each) for each in layer.weights]
    cells = [lstms[at : at + 3] for at in range(0, len(lstms), 3)]
    state = [(np.zeros(5), np.zeros(5)) for _ in cells]
    last, found = VOCABULARY, []
    for token in sequence:
        x = embedding[last]
        for at, (weights, recurrent, shift) in enumerate(cells):
            h, c = state[at]
            i, f, g, o = np.split(x @ weights + h @ recurrent + shift, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            x = sigmoid(o) * np.tanh(c)
            state[at] = (x, c)
        logits = x @ kernel + bias
        found.append(logits[token] - np.log(np.exp(logits).sum()))
        last = token
    return found


def test_log_likelihoods_are_those_of_an_lstm_written_by_hand(model):
    sequences = everything()[::7]
    found = model.log_likelihoods(sequences)
    expected = [by_hand(model, each) for each in sequences]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_probabilities_of_all_sequences_sum_to_1(model):
    total = tf.reduce_sum(tf.exp(tf.reduce_sum(model.log_likelihoods(everything()), axis=1)))
    assert float(total) == pytest.approx(1, abs=1e-5)


def frequencies(sequences):
    """How often each sequence occurs, in the order of `everything`."""
    powers = VOCABULARY ** np.arange(LENGTH - 1, -1, -1)
    counts = np.bincount(np.asarray(sequences) @ powers, minlength=VOCABULARY**LENGTH)
    return counts / len(sequences)


def expected_frequencies(model, temperature):
    logits = model.logits(everything()) / temperature
    picked = tf.gather(tf.nn.log_softmax(logits), everything(), batch_dims=2)
    return np.exp(np.sum(picked, axis=1))


@pytest.mark.parametrize("temperature", [1.0, 0.4])
def test_samples_have_the_frequencies_of_the_likelihoods(model, temperature):
    noise = np.random.default_rng(0).standard_normal((40_000, LENGTH)).astype(np.float32)
    drawn = model(noise, tf.fill((len(noise),), temperature))
    expected = expected_frequencies(model, temperature)
    error = np.sqrt(expected * (1 - expected) / len(noise))
    assert np.all(np.abs(frequencies(drawn) - expected) < 5 * error + 1e-4)


def test_without_a_temperature_it_is_1(model):
    noise = np.random.default_rng(0).standard_normal((50, LENGTH)).astype(np.float32)
    np.testing.assert_array_equal(model(noise), model(noise, tf.ones(50)))


def test_near_a_temperature_of_0_it_takes_the_most_probable_token(model):
    noise = np.random.default_rng(0).standard_normal((20, LENGTH)).astype(np.float32)
    drawn = model(noise, tf.fill((20,), 1e-4)).numpy()
    np.testing.assert_array_equal(drawn, model.logits(drawn).numpy().argmax(axis=-1))
    assert (drawn == drawn[0]).all()


def test_a_prompt_is_kept_and_what_follows_depends_on_it(model):
    noise = np.random.default_rng(0).standard_normal((20_000, LENGTH)).astype(np.float32)
    prompt = np.tile([2, -1, 0, -1], (len(noise), 1))
    drawn = model(noise, None, prompt).numpy()
    assert (drawn[:, 0] == 2).all() and (drawn[:, 2] == 0).all()
    second = np.bincount(drawn[:, 1], minlength=VOCABULARY) / len(drawn)
    given = np.exp(model.log_likelihoods([[2, each, 0, 0] for each in range(3)])[:, 1])
    np.testing.assert_allclose(second, given, atol=0.015)


def test_a_sequence_is_a_function_of_its_own_noise(model):
    noise = np.random.default_rng(0).standard_normal((8, LENGTH)).astype(np.float32)
    np.testing.assert_array_equal(model(noise)[3:5], model(noise[3:5]))


def test_continued_from_a_stored_state_it_draws_what_it_would_have_drawn(model):
    uniforms = np.random.default_rng(0).random((30, LENGTH)).astype(np.float32)
    drawn = model.draw(uniforms)
    states = model.prefix_states(drawn)
    for first in range(1, LENGTH):
        state = tf.nest.map_structure(lambda each, at=first: each[at], states)
        again = model.continued(drawn * 0, drawn[:, first - 1], state, uniforms, first)
        np.testing.assert_array_equal(again[:, first:], drawn[:, first:])
        assert not np.any(again[:, :first])


@pytest.mark.parametrize("count", [5, 128, 129, 1000])
def test_choose_inverts_the_cumulative_distribution(count):
    random = np.random.default_rng(count)
    logits = random.normal(0, 2, (1, count)).astype(np.float32)
    probabilities = np.exp(np.float64(logits[0])) / np.exp(np.float64(logits[0])).sum()
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    chosen = choose(tf.tile(logits, (20_000, 1)), tf.constant(uniforms, tf.float32)).numpy()
    assert np.all(np.diff(chosen) >= 0)
    expected = np.minimum(np.searchsorted(np.cumsum(probabilities), uniforms, "right"), count - 1)
    assert np.mean(chosen != expected) < 0.01  # but for rounding at the boundaries
    np.testing.assert_allclose(
        np.bincount(chosen, minlength=count) / 20_000, probabilities, atol=1.5e-4
    )


def test_choose_takes_the_ends_and_skips_what_is_impossible():
    logits = tf.constant([[-np.inf, 0.0, -np.inf, 0.0]] * 4, tf.float32)
    assert choose(logits, tf.constant([0.0, 0.499, 0.501, 0.9999])).numpy().tolist() == [1, 1, 3, 3]


def test_all_weights_begin_with_the_same_deviation():
    layer = LanguageModel(500, 6, 32, 32)
    layer.build((None, 6))
    assert [tuple(each.shape) for each in layer.weights] == [
        (501, 32),
        (32, 128),
        (32, 128),
        (128,),
        (32, 500),
        (500,),
    ]
    for each in layer.weights:
        assert np.std(each) == pytest.approx(0.1, rel=0.15)


def test_it_comes_back_from_its_configuration():
    layer = LanguageModel(7, 5, 3, 4, depth=2, deviation=0.3)
    config = LanguageModel.from_config(layer.get_config()).get_config()
    assert config == layer.get_config()
    assert (config["depth"], config["vocabulary"], config["embedding"]) == (2, 7, 3)
