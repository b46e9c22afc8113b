"""Convolutions: every formulation against Keras, in the outputs and in gradients of two orders."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.networks.convolution import Conv2D, Conv2DTranspose
from gan_tf.networks.formulation_choice import Choice, Choices
from gan_tf.networks.formulations import FILTER_GRADIENT, FORWARD, INPUT_GRADIENT, Geometry
from gan_tf.networks.layers import LeakyReLU
from gan_tf.networks.moments import widened

# Every formulation of each product.
CHOICES = [
    Choice("stock", "stock", "stock"),
    Choice("patches", "columns", "patches"),
    Choice("stock", "columns", "slices"),
    Choice("patches", "stock", "rows"),
]


def use(layer, choice):
    """Gives a layer a choice, whatever its inputs."""
    layer.choices = Choices()
    layer.choices.of = lambda geometry: choice


def results(layer, x):
    """The outputs, the gradients, and those of a penalty on the gradients, in float32 or float64."""

    @tf.function
    def compute(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = layer(x)
                loss = tf.reduce_sum(tf.sin(widened(y)))
            sources = [x, *layer.trainable_variables]
            gradients = inner.gradient(loss, sources)
            penalty = tf.add_n([tf.reduce_sum(widened(each) ** 3) for each in gradients])
        return [y, *gradients, *outer.gradient(penalty, sources)]

    return [np.asarray(widened(each)) for each in compute(x)]


def test_the_choices_have_all_formulations():
    for table, field in zip((FORWARD, INPUT_GRADIENT, FILTER_GRADIENT), vars(Choice())):
        assert {getattr(each, field) for each in CHOICES} == set(table)


@pytest.mark.parametrize(
    "precision, tolerance", [("float64", 1e-13), ("float32", 1e-5), ("mixed_bfloat16", 4e-2)]
)
@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose])
@pytest.mark.parametrize("size", [7, 8])
def test_each_formulation_equals_keras_to_the_second_order(size, kind, precision, tolerance):
    # Half the size, odd or even, is what a transposed convolution makes the size of.
    odd = {"output_padding": 1} if kind is Conv2DTranspose and size % 2 else {}
    options = {"filters": 6, "kernel_size": 4, "strides": 2, "padding": "same", "dtype": precision}
    stock = kind.plain(**options | odd)
    side = -(-size // 2) if kind is Conv2DTranspose else size
    x = tf.cast(keras.random.normal((3, side, side + 1, 5), seed=4), stock.compute_dtype)
    stock.build(x.shape)
    expected = results(stock, x)
    for choice in CHOICES:
        ours = kind(**options | odd)
        ours.build(x.shape)
        ours.set_weights(stock.get_weights())
        use(ours, choice)
        for mine, theirs in zip(results(ours, x), expected, strict=True):
            atol = tolerance * np.abs(theirs).max()
            np.testing.assert_allclose(mine, theirs, rtol=0, atol=atol, err_msg=str(choice))


def test_the_stock_operation_is_not_used_where_another_is_chosen():
    layer = Conv2D(6, 4, strides=2, padding="same")
    layer.build((None, 8, 8, 5))
    use(layer, Choice(forward="patches"))
    graph = tf.function(layer).get_concrete_function(tf.TensorSpec((2, 8, 8, 5))).graph
    kinds = {each.type for each in graph.get_operations()}
    assert "MatMul" in kinds and "Conv2D" not in kinds


@pytest.mark.parametrize(
    "shape, expected",
    [
        ((None, 8, 6, 5), (8, 6, 5, 7)),
        ((None, None, 6, 5), None),
    ],
)
def test_the_geometry_is_that_of_the_convolution(shape, expected):
    layer = Conv2D(7, 4, strides=2, padding="same")
    assert layer.geometry_of(shape) == (expected and Geometry(*expected, "float32"))
    transposed = Conv2DTranspose(5, 4, strides=2, padding="same")
    half = (None, shape[1] and shape[1] // 2, 3, 7)
    assert transposed.geometry_of(half) == (expected and Geometry(*expected, "float32"))


@pytest.mark.parametrize(
    "options",
    [
        {"kernel_size": 3, "strides": 2, "padding": "same"},
        {"kernel_size": 4, "strides": 1, "padding": "same"},
        {"kernel_size": 4, "strides": 2, "padding": "valid"},
    ],
)
@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose])
def test_other_kernels_are_left_to_keras(kind, options):
    ours, stock = kind(3, **options), kind.plain(3, **options)
    use(ours, Choice("patches", "columns"))
    x = keras.random.normal((2, 9, 9, 2), seed=0)
    ours.build(x.shape)
    stock.build(x.shape)
    stock.set_weights(ours.get_weights())
    np.testing.assert_array_equal(ours(x), stock(x))


@pytest.mark.parametrize("kind", [Conv2D, Conv2DTranspose, LeakyReLU])
def test_is_saved_and_loaded_and_has_a_keras_layer_for_its_config(tmp_path, kind):
    arguments = {} if kind is LeakyReLU else {"filters": 3, "kernel_size": 4, "strides": 2}
    layer = kind(**arguments)
    inputs = keras.Input((8, 8, 2))
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 2)).astype("float32")
    np.testing.assert_array_equal(loaded(x), model(x))
    assert type(loaded.layers[1]) is kind
    copy, values = layer.keras_layer()
    assert type(copy) is kind.plain
    copy.build((None, 8, 8, 2))
    copy.set_weights(values)
    np.testing.assert_allclose(copy(x), model(x), atol=1e-5)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_leaky_relu_equals_keras_to_the_second_order(dtype):
    x = tf.cast(keras.random.normal((64,), seed=0), dtype)
    ours, stock = (kind(negative_slope=0.2, dtype=dtype) for kind in (LeakyReLU, LeakyReLU.plain))
    for mine, theirs in zip(results(ours, x), results(stock, x)):
        np.testing.assert_array_equal(mine, theirs)
