"""Random numbers of a GAN are found, and restored after sampling."""

import numpy as np
import pytest

from gan_tf.gans.random_states import preserved_random_states, random_states
from gan_tf.gans.standard import GAN
from gan_tf.networks.mlp import MLP
from gan_tf.registry import TRICKS


def gan(*tricks):
    generator = MLP(width=4).generator((4, 4, 1), 3)
    tricks = [TRICKS.build(each) for each in tricks]
    for trick in tricks:
        generator = trick.edit(generator)
    made = GAN(generator, MLP(width=4).discriminator((4, 4, 1)), tricks=tricks)
    made.compile()
    return made


def test_those_of_layers_count():
    plain = gan()
    assert [each.path for each in random_states(plain)] == [plain.random.state.path]
    assert len(random_states(gan("generator_dropout"))) > 1


def test_sampling_inside_changes_nothing_even_after_an_error():
    made = gan("generator_dropout")
    before = [each.numpy() for each in random_states(made)]

    def draw():
        return np.asarray(made.generator(np.ones((8, 3), np.float32), training=True))

    with pytest.raises(ZeroDivisionError), preserved_random_states(made):
        first = draw()
        raise ZeroDivisionError
    for state, value in zip(random_states(made), before, strict=True):
        np.testing.assert_array_equal(state, value)
    np.testing.assert_array_equal(draw(), first)
    assert np.any(draw() != first)
