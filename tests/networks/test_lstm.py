"""The networks of SeqGAN have the sizes that its authors give them."""

from gan_tf.networks.lstm import LSTM


def test_the_generator_is_an_embedding_an_lstm_and_a_linear_layer():
    # the beginning has an embedding too
    model = LSTM().language_model(20, 5000)
    model.build((None, 20))
    embedding, lstm, linear = 5001 * 32, 4 * 32 * (32 + 32 + 1), 5000 * (32 + 1)
    assert model.count_params() == embedding + lstm + linear
