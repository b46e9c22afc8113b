"""Layers by hand, and copies of networks."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.build import network_spec
from gan_tf.networks import build as networks
from gan_tf.networks.conditioning import Projection
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.layers import MinibatchStddev, Packing, activation, own_layers, to_keras_layers
from gan_tf.options.config import Config


def test_as_stock_gives_the_same_model_of_plain_float32_keras_layers(tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator = DCGAN(width=4).generator((28, 28, 1), 10)
    finally:
        keras.config.set_dtype_policy("float32")
    stock = to_keras_layers(generator)
    assert {type(layer).__module__.split(".")[0] for layer in stock.layers} == {"keras"}
    assert {layer.compute_dtype for layer in stock.layers} == {"float32"}
    latents = keras.random.normal((3, 10), seed=0)
    np.testing.assert_allclose(stock(latents), generator(latents), atol=0.02)


@pytest.mark.parametrize(
    "options",
    [
        {"spectral_norm": "both"},
        {"upsampling": "pixel_shuffle", "generator_norm": "instance"},
        {"upsampling": "bilinear", "generator_activation": "silu"},
    ],
    ids=str,
)
def test_as_stock_of_other_options_is_plain_and_equal(options, capsys):
    generator = Projection().generator(DCGAN(width=4, **options), (28, 28, 1), 10, 3)
    inputs = [keras.random.normal((3, 10), seed=0), tf.range(3)]
    for _ in range(3):
        generator(inputs, training=True)
    stock = to_keras_layers(generator)
    assert {type(layer).__module__.split(".")[0] for layer in stock.layers} == {"keras"}
    np.testing.assert_allclose(stock(inputs), generator(inputs), atol=1e-5)
    assert capsys.readouterr().err == ""


def test_as_stock_says_which_layers_keras_does_not_have(capsys):
    generator = DCGAN(width=4, generator_norm="virtual_batch").generator((28, 28, 1), 10)
    latents = keras.random.normal((3, 10), seed=0)
    np.testing.assert_allclose(to_keras_layers(generator)(latents), generator(latents), atol=1e-5)
    assert "only where gan_tf is installed" in capsys.readouterr().err


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 3)])
def test_packing_lays_the_channels_of_consecutive_samples_side_by_side(shape):
    samples = np.arange(4 * np.prod(shape)).reshape(4, *shape).astype("float32")
    packed = np.asarray(Packing(2)(samples))
    expected = [np.concatenate(pair, axis=-1) for pair in (samples[:2], samples[2:])]
    np.testing.assert_array_equal(packed, expected)
    assert Packing(2).compute_output_shape((None, *shape)) == (None, *shape[:-1], 6)
    assert Packing(2).compute_output_shape((4, *shape)) == packed.shape


def test_minibatch_stddev_by_hand():
    """Two channels at one position, of deviations 1 and 3, in groups {0, 2} and {1, 3}."""
    x = np.array([[0, 0], [5, 5], [2, 6], [5, 5]], "float32").reshape(4, 1, 1, 2)
    y = np.asarray(MinibatchStddev(2)(x))
    np.testing.assert_array_equal(y[..., :2], x)
    np.testing.assert_allclose(y[:, 0, 0, 2], [2, 1e-4, 2, 1e-4], rtol=1e-4)


@pytest.mark.parametrize("batch, groups", [(8, 2), (7, 1), (3, 1), (1, 1), (13, 3)])
@pytest.mark.parametrize("shape", [(5,), (3, 2, 5)])
def test_minibatch_stddev_of_any_batch(batch, groups, shape):
    x = np.random.default_rng(0).normal(0, 2, (batch, *shape)).astype("float32")
    y = np.asarray(MinibatchStddev(4)(x))
    assert y.shape == (batch, *shape[:-1], 6)
    for group in range(groups):
        members = np.arange(group, batch, groups)
        expected = np.mean(np.sqrt(np.var(x[members], axis=0) + 1e-8))
        np.testing.assert_allclose(y[members][..., 5], expected, rtol=1e-4)


@pytest.mark.parametrize("size", [-1, 1])
def test_groups_that_cannot_vary_are_refused(size):
    with pytest.raises(UserError, match=f"minibatch_stddev={size}: "):
        DCGAN(width=4, minibatch_stddev=size).discriminator((28, 28, 1))


def test_activations():
    x = keras.Input((2,))
    values = np.array([[-1.0, 2.0]], "float32")
    for name, expected in {"relu": [0, 2], "leaky_relu": [-0.2, 2], "elu": [-0.63212, 2]}.items():
        made = keras.Model(x, activation(name)(x))(values)
        np.testing.assert_allclose(made, [expected], rtol=1e-4)
    for shape in ((2,), (4, 3, 2)):  # a slope for each channel, whatever the position
        made = keras.Model(x := keras.Input(shape), activation("prelu")(x))
        assert made.count_params() == 2
        made.layers[-1].alpha.assign_add(keras.ops.reshape([0, 1.0], made.layers[-1].alpha.shape))
        negative = np.full((1, *shape), -1.0, "float32")
        np.testing.assert_allclose(made(negative), negative * [0.25, 1.25])
    with pytest.raises(UserError, match="no activation 'rleu'"):
        activation("rleu")


def test_a_layer_inside_a_model_inside_is_found():
    config = Config(
        dataset="mnist", arch="mlp(width=4)", prior="uniform", generator_norm="virtual_batch"
    )
    network = networks.generator(network_spec(config, (8, 8, 1)))
    assert any(isinstance(layer, keras.Model) for layer in network.layers)
    names = {each.__name__ for each in own_layers(to_keras_layers(network, warn=False))}
    assert names == {"Reference", "Examples", "VirtualBatchNormalization"}
