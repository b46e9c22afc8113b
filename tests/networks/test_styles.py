"""The two halves of a style-based generator, and the average of w."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.latents.priors import Uniform
from gan_tf.networks import build, styles
from gan_tf.networks.conditioning import Concat, Projection
from gan_tf.networks.dcgan import DCGAN
from gan_tf.networks.stylegan2 import StyleGAN2
from gan_tf.networks.styles import MeanW

SHAPE = (28, 28, 1)


def generator(**options):
    architecture = StyleGAN2(width=2, max_width=8, style_dim=5)
    return build.generator(build.NetworkSpec(architecture, SHAPE, 6, num_classes=3, **options))


@pytest.mark.parametrize("options", [{}, {"prior": Uniform()}, {"conditioning": Concat()}])
def test_the_halves_make_the_same_images(options):
    network, latents = generator(**options), keras.random.normal((4, 6), seed=0)
    inputs = [latents, tf.constant([0, 1, 2, 1])] if "conditioning" in options else latents
    first, second = styles.mapping(network), styles.synthesis(network)
    rows = first(inputs)
    assert rows.shape == (4, 6, 5)  # convolutions of 7, 14 and 28 pixels, and one of images
    np.testing.assert_allclose(second(rows), network(inputs), atol=1e-5)
    assert styles.has_styles(network) and styles.mean_w(network).shape == (5,)


@pytest.mark.parametrize("options", [{"prior": Uniform()}, {"conditioning": Concat()}])
def test_a_copy_and_a_saved_one_are_the_same(options, tmp_path):
    network, latents = generator(**options), keras.random.normal((4, 6), seed=0)
    inputs = [latents, tf.constant([0, 1, 2, 1])] if "conditioning" in options else latents
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    np.testing.assert_allclose(copy(inputs), network(inputs), atol=1e-6)
    network.save(tmp_path / "g.keras")
    loaded = keras.models.load_model(tmp_path / "g.keras")
    np.testing.assert_allclose(loaded(inputs), network(inputs), atol=1e-6)
    assert styles.has_styles(loaded)


def test_other_generators_have_no_styles():
    network = DCGAN(width=2).generator(SHAPE, 6)
    assert not styles.has_styles(network)
    for half in (styles.mapping, styles.synthesis, styles.mean_w):
        with pytest.raises(UserError, match="arch=stylegan2"):
            half(network)


def test_the_average_of_w_follows_in_training_only():
    layer = MeanW(decay=0.9)
    w = np.float32([[1, 2], [3, 6]])
    np.testing.assert_array_equal(layer(w, training=True), w)
    np.testing.assert_allclose(layer.mean, [0.2, 0.4], rtol=1e-5)  # a tenth of the mean
    layer(w)
    layer(w, training=True)
    np.testing.assert_allclose(layer.mean, [0.38, 0.76], rtol=1e-5)
    assert MeanW.from_config(layer.get_config()).decay == 0.9
    assert layer.statistics == (layer.mean,)


@pytest.mark.parametrize("options", [{}, {"prior": Uniform()}, {"conditioning": Concat()}])
def test_truncation_moves_styles_towards_their_mean(options):
    network, latents = generator(**options), keras.random.normal((4, 6), seed=0)
    inputs = [latents, tf.constant([0, 1, 2, 1])] if "conditioning" in options else latents
    styles.mean_w(network).assign(np.float32([1, -2, 0.5, 0, 3]))
    center = np.array(styles.mean_w(network))
    np.testing.assert_allclose(styles.truncated(network, 1.0)(inputs), network(inputs), atol=1e-5)
    halfway = center + 0.5 * (np.asarray(styles.mapping(network)(inputs)) - center)
    expected = styles.synthesis(network)(tf.constant(halfway))
    np.testing.assert_allclose(styles.truncated(network, 0.5)(inputs), expected, atol=1e-5)
    mean = np.asarray(styles.truncated(network, 0.0)(inputs))
    np.testing.assert_allclose(mean, np.repeat(mean[:1], 4, axis=0), atol=1e-5)


def test_labels_that_act_on_maps_are_taken_by_the_second_half():
    network, latents = generator(conditioning=Projection()), keras.random.normal((4, 6), seed=0)
    for each in network.layers:
        if isinstance(each, keras.layers.Embedding):
            each.embeddings.assign(keras.random.normal(each.embeddings.shape, seed=1))
    labels = tf.constant([0, 1, 2, 1])
    first, second = styles.mapping(network), styles.synthesis(network)
    rows = first([latents, labels])
    images = network([latents, labels])
    np.testing.assert_allclose(second([rows, labels]), images, atol=1e-5)
    assert np.any(np.abs(second([rows, labels[::-1]]) - images) > 1e-3)
    halfway = styles.truncated(network, 0.5)  # the mean is still 0
    np.testing.assert_allclose(halfway([latents, labels]), second([rows / 2, labels]), atol=1e-5)


def test_a_truncated_generator_has_both_halves():
    network, latents = generator(prior=Uniform()), keras.random.normal((4, 6), seed=0)
    halfway = styles.truncated(network, 0.5)
    rows = styles.mapping(halfway)(latents)
    np.testing.assert_allclose(rows, styles.mapping(network)(latents) / 2, atol=1e-6)
    np.testing.assert_allclose(styles.synthesis(halfway)(rows), halfway(latents), atol=1e-5)
