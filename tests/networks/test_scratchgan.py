"""The discriminator of ScratchGAN judges each token by those before it."""

import keras
import numpy as np

from gan_tf.networks.scratchgan import ScratchGAN


def test_a_logit_does_not_depend_on_later_tokens():
    tokens = keras.Input((6,), dtype="int32")
    judge = keras.Model(tokens, ScratchGAN(width=8).judge(tokens, 5))
    rows = np.array([[0, 1, 2, 3, 4, 0], [0, 1, 2, 4, 4, 1]])
    # One by one: rows of one product may be rounded differently.
    first, second = (np.asarray(judge(row[None]))[0] for row in rows)
    np.testing.assert_array_equal(first[:3], second[:3])
    assert np.all(first[3:] != second[3:])


def test_the_generator_has_two_layers():
    model = ScratchGAN(width=8).language_model(6, 5)
    model.build((None, 6))
    assert model.count_params() == (5 + 1) * 8 + 2 * 4 * 8 * (8 + 8 + 1) + 5 * (8 + 1)
