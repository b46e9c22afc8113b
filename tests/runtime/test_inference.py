"""Networks as compiled functions in inference mode."""

import keras
import numpy as np
from keras import layers

from gan_tf.runtime.inference import inference


def test_dropout_is_off_and_outputs_are_arrays():
    x = keras.Input((4,))
    network = keras.Model(x, {"kept": layers.Dropout(0.9)(x), "twice": layers.Rescaling(2.0)(x)})
    values = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    made = inference(network)(values)
    assert {name: type(each) for name, each in made.items()} == {
        "kept": np.ndarray,
        "twice": np.ndarray,
    }
    np.testing.assert_array_equal(made["kept"], values)
    np.testing.assert_array_equal(made["twice"], 2 * values)


def test_batches_of_other_sizes_are_not_compiled_each():
    traced = []

    class Network(keras.Model):
        def call(self, inputs, training=None):
            traced.append(training)
            return inputs + 1

    compute = inference(Network())
    for count in range(1, 8):
        assert compute(np.zeros((count, 2), np.float32)).shape == (count, 2)
    assert set(traced) == {False} and len(traced) <= 3
