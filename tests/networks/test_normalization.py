"""Normalization: against Keras, by hand, and as networks use it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.networks.conditioning import Concat, Projection
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.layers import Packing
from gan_tf.networks.mlp import MLP
from gan_tf.networks.normalization import (
    REFERENCE_SIZE,
    Reference,
    VirtualBatchNormalization,
    normalizer,
    set_reference,
)


def test_virtual_batch_norm_by_hand():
    """Of the reference {0, 4} and an example 8: mean 4, variance 32/3; the reference: 2 and 4."""
    layer = VirtualBatchNormalization(2, epsilon=0)
    y = np.asarray(layer(np.array([[0.0], [4.0], [8.0], [2.0]])))
    alone = np.std([0, 4, 2])
    np.testing.assert_allclose(y[:, 0], [-1, 1, 4 / np.sqrt(32 / 3), 0 / alone], rtol=1e-5)
    layer.gamma.assign([3.0])
    layer.beta.assign([1.0])
    np.testing.assert_allclose(layer(np.array([[0.0], [4.0], [8.0]])), 3 * y[:3] + 1, rtol=1e-5)


def test_virtual_batch_norm_of_feature_maps_is_that_of_the_reference_and_one_example():
    x = np.random.default_rng(0).normal(3, 2, (7, 5, 4, 2)).astype("float32")
    x[4] += 10
    y = np.asarray(VirtualBatchNormalization(4)(x))
    for rows, of in (([0, 1, 2, 3], x[:4]), ([4], x[:5]), ([6], x[[0, 1, 2, 3, 6]])):
        expected = (x[rows] - of.mean((0, 1, 2))) / of.std((0, 1, 2))
        np.testing.assert_allclose(y[rows], expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("architecture", [DCGAN(4, "virtual_batch"), MLP(4)])
def test_with_virtual_batch_norm_no_example_depends_on_the_others(architecture):
    architecture.generator_norm = architecture.discriminator_norm = "virtual_batch"
    generator = architecture.generator((28, 28, 1), 6)
    discriminator = architecture.discriminator((28, 28, 1))
    images = generator(keras.random.normal((5, 6), seed=0), training=True)
    alone = generator(keras.random.normal((5, 6), seed=0)[:1], training=False)
    assert images.shape == (5, 28, 28, 1)
    np.testing.assert_allclose(images[:1], alone, atol=1e-5)
    logits = discriminator(images, training=True)
    np.testing.assert_allclose(logits[3:], discriminator(images[3:]), atol=1e-5)


def test_the_reference_is_set_from_what_the_layer_reads():
    images = np.asarray(keras.random.normal((2 * REFERENCE_SIZE + 2, 28, 28, 1), seed=0))
    inputs = keras.Input((28, 28, 1))
    judged = DCGAN(4, "virtual_batch").discriminate(Packing(2)(inputs))
    network = keras.Model(inputs, judged)
    (layer,) = (each for each in network.layers if isinstance(each, Reference))
    set_reference(network, images)
    np.testing.assert_array_equal(layer.reference, Packing(2)(images)[:REFERENCE_SIZE])
    set_reference(network, images[:4])
    np.testing.assert_array_equal(layer.reference[2:4], Packing(2)(images[:4]))
    plain = DCGAN(4).discriminator((28, 28, 1))
    before = plain.get_weights()
    set_reference(plain, images)
    np.testing.assert_array_equal(before[0], plain.get_weights()[0])


def test_the_reference_of_conditional_networks_has_their_labels():
    network = Concat().discriminator(DCGAN(4, "virtual_batch"), (28, 28, 1), 3)
    images = tf.zeros((40, 28, 28, 1))
    set_reference(network, [images, tf.range(40) % 2])
    (layer,) = (each for each in network.layers if isinstance(each, Reference))
    planes = np.asarray(layer.reference)[..., 1]
    np.testing.assert_array_equal(planes[0], planes[2])
    assert np.any(planes[0] != planes[1])


def test_the_reference_examples_are_not_modulated():
    architecture = DCGAN(4, generator_norm="virtual_batch")
    generator = Projection().generator(architecture, (28, 28, 1), 6, 3)
    latents = np.tile(keras.random.normal((1, 6), seed=0), (3, 1))
    layers = generator.layers
    for layer in layers:
        if isinstance(layer, keras.layers.Embedding):
            layer.embeddings.assign(np.outer([0, 1, 2], np.ones(layer.output_dim)))
    first = next(each for each in layers if isinstance(each, VirtualBatchNormalization))
    joined = next(each for each in layers if getattr(each, "axis", None) == 0)
    pair = keras.Model(generator.inputs, [first.output, joined.output])
    normalized, modulated = map(np.asarray, pair([latents, np.arange(3)]))
    scale = np.array([1.0] * REFERENCE_SIZE + [1, 2, 3])[:, None, None, None]
    np.testing.assert_allclose(modulated, scale * normalized + scale - 1, rtol=1e-4, atol=1e-4)
    images = np.asarray(generator([latents, np.arange(3)]))
    assert np.any(images[0] != images[1])


@pytest.mark.parametrize(
    "kind, axes",
    [("batch", (0, 1, 2)), ("instance", (1, 2)), ("layer", (1, 2, 3)), ("virtual_batch", ())],
)
@pytest.mark.parametrize("stddev", [3, 0.02])  # of a young network's first maps
def test_what_the_kinds_normalize_over(kind, axes, stddev):
    norm = normalizer(kind)
    assert norm.shifts
    inputs = keras.Input((3, 3, 2))
    network = keras.Model(inputs, norm.end(norm.layer()(norm.begin(inputs))))
    x = stddev * (keras.random.normal((4, 3, 3, 2), seed=0) + 1)
    y = np.asarray(network(x, training=True))
    assert y.shape == (4, 3, 3, 2)
    if axes:
        np.testing.assert_allclose(np.mean(y, axes), 0, atol=1e-5)
        expected = np.std(x, axes) / np.sqrt(np.var(x, axes) + 1e-5)
        np.testing.assert_allclose(np.std(y, axes), expected, rtol=1e-3)


def test_without_normalization_the_modulation_stays():
    norm = normalizer("none", modulate=lambda x: 2 * x)
    assert not norm.shifts
    assert norm.layer()(norm.begin(3)) == 6


def test_an_unknown_kind_is_refused():
    with pytest.raises(UserError, match="batch, instance, layer, virtual_batch, none"):
        normalizer("instances")


def test_mlp_has_no_maps_for_instance_normalization():
    with pytest.raises(UserError, match="MLP has no normalization 'instance'"):
        MLP(discriminator_norm="instance")
