"""Optimizers by name."""

import keras
import pytest

from gan_tf.errors import UserError
from gan_tf.registries import OPTIMIZERS


@pytest.mark.parametrize("spec", ["sgd(0.1, momentum=1.5)", "adam(-1)"])
def test_what_keras_refuses_is_one_sentence(spec):
    with pytest.raises(UserError):
        OPTIMIZERS.build(spec)


def test_a_whole_number_will_do_for_a_float():
    assert OPTIMIZERS.build("sgd(1, momentum=0)").get_config()["learning_rate"] == 1.0


@pytest.mark.parametrize(
    "spec, kind, expected",
    [
        ("adam", keras.optimizers.Adam, {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.999}),
        ("adam(1e-3, beta_1=0.9)", keras.optimizers.Adam, {"learning_rate": 1e-3, "beta_1": 0.9}),
        ("rmsprop", keras.optimizers.RMSprop, {"learning_rate": 5e-5, "rho": 0.9}),
        ("sgd(0.1, momentum=0.9)", keras.optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.9}),
    ],
)
def test_builds_the_keras_optimizer_with_its_arguments(spec, kind, expected):
    optimizer = OPTIMIZERS.build(spec)
    assert type(optimizer) is kind
    config = optimizer.get_config()
    assert {name: config[name] for name in expected} == pytest.approx(expected)
