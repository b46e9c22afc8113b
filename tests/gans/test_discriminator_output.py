"""The discriminator's outputs by name, whatever it outputs."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from gan_tf.gans.discriminator_output import (
    DiscriminatorOutput,
    as_function,
    model_inputs,
    with_named_outputs,
)
from gan_tf.networks.layers import Packing

X = np.arange(12, dtype=np.float32).reshape(4, 3)


def network(classes=0, conditional=False):
    """Features 2x, logits of their sum, and class logits; with a condition, that is added."""
    x = keras.Input((3,))
    features = layers.Rescaling(2.0, name="features")(x)
    logits = layers.Dense(1, kernel_initializer="ones")(features)
    inputs = [x]
    if conditional:
        inputs.append(keras.Input((1,)))
        logits = layers.Add()([logits, inputs[1]])
    outputs = logits
    if classes:
        outputs = {"logits": logits, "class_logits": layers.Dense(classes)(features)}
    return keras.Model(inputs, outputs)


@pytest.mark.parametrize("classes, names", [(0, ["features", "logits"]), (5, None)])
def test_outputs_have_names_and_features_are_a_layer_s(classes, names):
    made = with_named_outputs(network(classes))(X)
    assert sorted(made) == (names or ["class_logits", "features", "logits"])
    np.testing.assert_allclose(made["features"], 2 * X)
    np.testing.assert_allclose(made["logits"], 2 * X.sum(1, keepdims=True))


def test_as_a_function_it_takes_a_condition_where_there_is_one():
    condition = np.float32([[1], [2], [3], [4]])
    plain, conditional = (as_function(network(conditional=each), False) for each in (False, True))
    assert model_inputs(network(), X, condition) is X
    np.testing.assert_array_equal(plain(X, condition).logits, plain(X).logits)
    np.testing.assert_allclose(conditional(X, condition).logits, plain(X).logits + condition)
    assert plain(X).class_logits is None


def test_what_it_has_not_is_told():
    output = DiscriminatorOutput(tf.zeros((2, 1)), features=tf.ones((2, 3), tf.float16))
    assert output.named("features").dtype == tf.float32
    with pytest.raises(ValueError, match="this discriminator has no class_logits"):
        output.named("class_logits")


def test_it_is_split_into_halves():
    both = as_function(network(classes=2), False)(X)
    first, second = both.split()
    np.testing.assert_array_equal(first.logits, both.logits[:2])
    np.testing.assert_array_equal(second.class_logits, both.class_logits[2:])
    without = DiscriminatorOutput(tf.zeros((4, 1))).split()
    assert [each.features for each in without] == [None, None]
    changed = both.with_logits(both.logits + 1)
    np.testing.assert_array_equal(changed.logits, both.logits + 1)
    assert changed.features is both.features


def test_a_packed_discriminator_gives_a_logit_for_each_pack():
    packed = keras.Sequential(
        [keras.Input((2, 2, 1)), Packing(2), layers.Flatten(), layers.Dense(1)]
    )
    assert as_function(packed, False)(np.zeros((6, 2, 2, 1), np.float32)).logits.shape == (3, 1)
