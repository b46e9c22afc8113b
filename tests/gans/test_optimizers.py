"""Optimizers by name."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans import optimizers
from gan_tf.registry import OPTIMIZERS


@pytest.mark.parametrize(
    "spec",
    [
        "sgd(0.1, momentum=1.5)",
        "adam(-1)",
        "adam(beta_1=2)",
        "adam(epsilon=0)",
        "adam(beta_2=1)",
        "rmsprop(rho=-0.1)",
        "adam(1e999)",
    ],
)
def test_what_makes_no_sense_is_one_sentence(spec):
    with pytest.raises(UserError):
        OPTIMIZERS.build(spec)


def test_a_whole_number_will_do_for_a_float():
    assert OPTIMIZERS.build("sgd(1, momentum=0)").get_config()["learning_rate"] == 1.0


@pytest.mark.parametrize(
    "spec, kind, expected",
    [
        ("adam", optimizers.Adam, {"learning_rate": 2e-4, "beta_1": 0.5, "beta_2": 0.999}),
        ("adam", optimizers.Adam, {"epsilon": 1e-7}),
        ("adam(epsilon=1e-8)", optimizers.Adam, {"epsilon": 1e-8}),
        ("adam(1e-3, beta_1=0.9)", optimizers.Adam, {"learning_rate": 1e-3, "beta_1": 0.9}),
        ("rmsprop", keras.optimizers.RMSprop, {"learning_rate": 5e-5, "rho": 0.99}),
        ("sgd(0.1, momentum=0.9)", keras.optimizers.SGD, {"learning_rate": 0.1, "momentum": 0.9}),
    ],
)
def test_builds_the_keras_optimizer_with_its_arguments(spec, kind, expected):
    optimizer = OPTIMIZERS.build(spec)
    assert type(optimizer) is kind
    config = optimizer.get_config()
    assert {name: config[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("gradient", [1.0, 1e-5, 1e-7])
def test_a_step_of_rmsprop_does_not_depend_on_the_size_of_the_gradient(gradient):
    """After n steps the average of g^2 is (1 - rho^n) g^2, so the steps fall to the learning rate."""
    variable = keras.Variable([0.0], dtype="float32")
    optimizer = OPTIMIZERS.build("rmsprop(0.1, rho=0.5)")
    for _ in range(3):
        optimizer.apply([tf.constant([gradient])], [variable])
    expected = -0.1 * sum(1 / np.sqrt(1 - 0.5**n) for n in (1, 2, 3))
    np.testing.assert_allclose(variable, [expected], rtol=0.01)


def trained(optimizer, steps=5):
    """What an optimizer makes of variables, and its own state, under given gradients."""
    rng = np.random.default_rng(0)
    variables = [
        keras.Variable(rng.normal(size=shape), dtype="float32") for shape in ((3, 4), (5,))
    ]
    optimizer.build(variables)

    @tf.function
    def step(*gradients):
        optimizer.apply(gradients, variables)

    for _ in range(steps):
        step(*(tf.constant(rng.normal(size=each.shape), tf.float32) for each in variables))
    return [np.asarray(each) for each in [*variables, *optimizer.variables]]


@pytest.mark.parametrize(
    "options",
    [
        {"learning_rate": 2e-4, "beta_1": 0.5},
        {"learning_rate": 0.1, "beta_1": 0.0, "beta_2": 0.9},
        {"learning_rate": 0.1, "global_clipnorm": 0.5},
        {"learning_rate": 0.1, "amsgrad": True},
    ],
)
def test_adam_equals_that_of_keras_in_variables_and_state(options):
    ours = trained(optimizers.Adam(**options))
    for mine, theirs in zip(ours, trained(keras.optimizers.Adam(**options)), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)


def test_adam_takes_the_state_that_keras_saved():
    keras_adam = keras.optimizers.Adam(0.1)
    trained(keras_adam)
    ours = optimizers.Adam(0.1)
    trained(ours, steps=1)
    store = {}
    keras_adam.save_own_variables(store)
    ours.load_own_variables(store)
    for mine, theirs in zip(ours.variables, keras_adam.variables, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_adam_updates_each_variable_by_one_operation():
    optimizer = optimizers.Adam()
    variables = [keras.Variable(np.ones(n), dtype="float32") for n in (3, 2)]
    optimizer.build(variables)
    step = tf.function(lambda *gradients: optimizer.apply(gradients, variables))
    graph = step.get_concrete_function(tf.ones(3), tf.ones(2)).graph
    kinds = [each.type for each in graph.get_operations()]
    assert kinds.count("ResourceApplyAdam") == 2 and "SquaredDifference" not in kinds
