"""The LSTM that writes Gumbel-softmax samples."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.gumbel_lstm import GumbelLSTM, Writer


@pytest.fixture(scope="module")
def generator():
    return GumbelLSTM(width=8).generator((6, 5), 20)


def test_rows_are_one_hot_in_use_and_relaxed_in_training(generator):
    latents = keras.random.normal((4, 20), seed=0)
    used, trained = (np.asarray(generator(latents, training=each)) for each in (False, True))
    assert set(np.unique(used)) == {0, 1} and used.shape == (4, 6, 5)
    assert 0.2 < trained.max(axis=-1).mean() < 0.95
    np.testing.assert_array_equal(used, generator(latents))


def test_it_is_an_lstm_that_reads_what_it_wrote():
    """Against Keras's LSTM, given the tokens that were written."""
    writer = Writer(5, 4, 3)
    states, normal = (keras.random.normal(shape, seed=1) for shape in ((7, 6), (7, 5)))
    rows = np.asarray(writer([states, normal]))
    for weight in writer.trainable_weights:
        weight.assign(keras.random.normal(weight.shape, seed=2))
    rows = np.asarray(writer([states, normal]))
    lstm = keras.layers.LSTM(3, return_sequences=True)
    seen = tf.concat(
        [tf.repeat(writer.first.value[None], 7, axis=0), rows[:, :-1] @ writer.embedding.numpy()],
        axis=1,
    )
    lstm.build(seen.shape)
    lstm.set_weights(writer._cell.get_weights())
    hidden = lstm(seen, initial_state=list(tf.split(states, 2, axis=-1)))
    odds = tf.nn.softmax(hidden @ writer.kernel + writer.bias)
    totals, quantiles = np.cumsum(odds, axis=-1), 0.5 * (1 + tf.math.erf(normal / 2**0.5))
    expected = (totals < np.asarray(quantiles)[..., None]).sum(axis=-1)
    np.testing.assert_array_equal(rows.argmax(axis=-1), expected)


def test_its_noise_and_weights_are_saved(generator, tmp_path):
    generator.save(tmp_path / "generator.keras")
    loaded = keras.models.load_model(tmp_path / "generator.keras")
    latents = keras.random.normal((4, 20), seed=0)
    np.testing.assert_array_equal(loaded(latents), generator(latents))


def test_the_lstm_has_no_spectral_norm():
    with pytest.raises(UserError, match="the LSTM of gumbel_lstm has none"):
        GumbelLSTM(spectral_norm="both")
