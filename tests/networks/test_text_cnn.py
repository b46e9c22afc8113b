"""The discriminator of SeqGAN has the published filters, and others for short sequences."""

import keras
import numpy as np
import pytest

from gan_tf.networks.text_cnn import scaled, text_cnn


def judge(length, width=32, vocabulary=50):
    tokens = keras.Input((length,), dtype="int32")
    return keras.Model(tokens, text_cnn(tokens, vocabulary, width))


@pytest.mark.parametrize("length, features", [(20, 1720), (15, 1560), (3, 500), (1, 100)])
def test_filters_are_those_that_fit_into_the_sequence(length, features):
    model = judge(length)
    assert model.get_layer("features").output.shape == (None, features)
    assert model(np.zeros((2, length), np.int32)).shape == (2, 1)


def test_the_order_of_tokens_counts():
    keras.utils.set_random_seed(0)
    first, second = np.asarray(judge(4)(np.array([[1, 2, 3, 4], [4, 3, 2, 1]])))
    assert first != second


def test_sizes_are_proportional_to_the_width():
    assert [scaled(200, each) for each in (32, 8, 1)] == [200, 50, 6] and scaled(10, 1) == 1
    assert judge(20, width=8).get_layer("features").output.shape == (None, 430)
