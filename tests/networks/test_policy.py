"""The networks of policies: what their papers say of them, and their generators with a temperature."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.networks import policy as policies
from gan_tf.registry import ARCHITECTURES
from tests.architectures import taking

SHAPE = (6, 9)  # 6 of 9 tokens
NAMES = taking("noise")


def networks(name, shape=SHAPE, width=4):
    architecture = ARCHITECTURES.build(f"{name}(width={width})")
    return architecture.generator(shape), architecture.discriminator(shape)


@pytest.mark.parametrize("name", NAMES)
def test_generators_draw_tokens_and_discriminators_judge_them(name):
    generator, discriminator = networks(name)
    tokens = generator(np.random.default_rng(0).standard_normal((5, 6)).astype(np.float32))
    assert tokens.shape == (5, 6) and tokens.dtype == "int32"
    assert np.min(tokens) >= 0 and 3 < len(np.unique(tokens)) <= 9
    logits = discriminator(tokens)
    count = {"sample": 1, "token": 6}[ARCHITECTURES.entry(name).attributes["logits_of"]]
    assert logits.shape == (5, count) and logits.dtype == "float32"
    assert policies.of(generator).vocabulary == 9


@pytest.mark.parametrize("name", NAMES)
def test_likelihoods_are_float32_in_mixed_precision(name):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator, discriminator = networks(name)
    finally:
        keras.config.set_dtype_policy("float32")
    layer = policies.of(generator)
    assert {each.dtype for each in layer.weights} == {"float32"}
    assert layer.logits(np.zeros((2, 6), np.int32)).dtype == "float32"
    assert discriminator(np.zeros((2, 6), np.int32)).dtype == "float32"
    assert any(each.compute_dtype == "bfloat16" for each in discriminator.layers)


def test_lstm_has_the_sizes_of_the_authors_code():
    generator, discriminator = networks("lstm", (20, 5000), 32)
    layer = policies.of(generator)
    assert (layer.embedding, layer.units, layer.depth, layer.deviation) == (32, 32, 1, 0.1)
    found = [each for each in discriminator.layers if isinstance(each, layers.Conv1D)]
    assert {each.kernel_size[0]: each.filters for each in found} == {
        **{1: 100, 2: 200, 3: 200, 4: 200, 5: 200, 6: 100, 7: 100, 8: 100, 9: 100, 10: 100},
        **{15: 160, 20: 160},
    }
    (embedding,) = [each for each in discriminator.layers if isinstance(each, layers.Embedding)]
    assert embedding.output_dim == 64
    assert -1 <= np.min(embedding.embeddings) < -0.9 and 0.9 < np.max(embedding.embeddings) <= 1
    assert discriminator.get_layer("features").rate == 0.25
    assert discriminator.get_layer("features").output.shape == (None, 1720)
    weights = discriminator.get_layer("logits").kernel
    assert float(discriminator.losses[0]) == pytest.approx(0.1 * np.sum(np.square(weights)))


def test_the_highway_layer_is_the_formula():
    _, discriminator = networks("lstm")
    pooled = next(each for each in discriminator.layers if isinstance(each, layers.Concatenate))
    inner = keras.Model(
        discriminator.inputs, [pooled.output, discriminator.get_layer("features").input]
    )
    x, y = (each.numpy() for each in inner([np.arange(12).reshape(2, 6) % 9]))
    hidden, gate = [each for each in discriminator.layers if isinstance(each, layers.Dense)][:2]
    t = 1 / (1 + np.exp(-(x @ gate.kernel.numpy() + gate.bias.numpy())))
    g = np.maximum(x @ hidden.kernel.numpy() + hidden.bias.numpy(), 0)
    np.testing.assert_allclose(y, t * g + (1 - t) * x, rtol=1e-4, atol=1e-5)


def test_scratchgan_judges_a_token_by_those_up_to_it():
    generator, discriminator = networks("scratchgan")
    assert policies.of(generator).depth == 2
    tokens = np.array([[1, 2, 3, 4, 5, 6], [1, 2, 3, 8, 0, 0]])
    first, second = discriminator(tokens).numpy()
    np.testing.assert_allclose(first[:3], second[:3], rtol=1e-5)
    assert abs(first[3] - second[3]) > 1e-6


def test_a_steered_generator_shares_the_weights():
    generator, _ = networks("lstm")
    model = policies.steered(generator)
    noise = np.random.default_rng(0).standard_normal((4, 6)).astype(np.float32)
    free = np.full((4, 6), -1)
    np.testing.assert_array_equal(model([noise, np.ones(4), free]), generator(noise))
    given = free.copy()
    given[:, :2] = [7, 8]
    assert np.array_equal(model([noise, np.ones(4), given])[:, :2], given[:, :2])
    cold = model([noise, np.full(4, 1e-4), free]).numpy()
    assert (cold == cold[0]).all()


def test_a_generator_without_a_language_model_is_refused():
    x = keras.Input((3,))
    with pytest.raises(ValueError, match="no layer of gan_tf"):
        policies.of(keras.Model(x, layers.Dense(2)(x)))
