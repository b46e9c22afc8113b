"""Conditional networks: shapes, that the label matters, and the equations of each kind."""

import dataclasses
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.gans.build import network_spec
from gan_tf.networks import build
from gan_tf.networks.build import NetworkSpec
from gan_tf.networks.discriminators import Zi2ZiDiscriminator
from gan_tf.networks.unet import UNet
from gan_tf.options.config import Config
from gan_tf.registry import CONDITIONINGS
from tests.architectures import logits_of, shape_for, taking

SHAPE = (28, 28, 1)
NAMES = [
    name for name, each in CONDITIONINGS.entries.items() if each.attributes["source"] == "latent"
]


def build_each(kinds, options):
    """Generators and discriminators, with random weights where they start from zeros."""
    keras.utils.set_random_seed(0)
    config = Config(**dict(arch="dcgan", width=4, latent_dim=6) | options)
    spec = network_spec(config, shape_for(config.arch), 3)
    made = [getattr(build, kind)(spec) for kind in kinds]
    for weight in [each for network in made for each in network.trainable_variables]:
        weight.assign_add(keras.random.normal(weight.shape, stddev=0.05))
    return made


def networks(**options):
    return build_each(("generator", "discriminator"), options)


@functools.cache
def shared(kind, **options):
    """One that no test changes."""
    return build_each((kind,), options)[0]


def draw(*shape):
    return np.asarray(keras.random.normal(shape, seed=0))


@pytest.mark.parametrize("arch", taking("latent"))
@pytest.mark.parametrize("conditioning", NAMES)
def test_images_depend_on_the_label(arch, conditioning):
    generator = shared("generator", arch=arch, conditional=conditioning)
    count = 4000 if arch == "gumbel_lstm" else 3  # few of its tokens change
    latents = np.tile(draw(count, generator.inputs[0].shape[-1]), (3, 1))
    images = np.asarray(generator([latents, np.repeat(np.arange(3), count)]))
    images = images.reshape(3, count, *shape_for(arch))
    assert np.abs(images).max() <= 1
    assert np.any(images[0] != images[1]) and np.any(images[1] != images[2])


@pytest.mark.parametrize("arch", taking("latent"))
@pytest.mark.parametrize("conditioning", ["concat", "projection"])
def test_logits_depend_on_the_label(arch, conditioning):
    discriminator = shared("discriminator", arch=arch, conditional=conditioning)
    samples = np.repeat(draw(1, *shape_for(arch)), 3, axis=0)
    logits = np.asarray(discriminator([samples, np.arange(3)]))
    assert logits.shape == (3, logits_of(arch)) and len(np.unique(logits, axis=0)) == 3


@pytest.mark.parametrize("options", [{"conditional": "acgan"}, {"semi_supervised": 100}])
@pytest.mark.parametrize("arch", taking("latent"))
def test_classifying_discriminators_judge_images_alone(arch, options):
    outputs = shared("discriminator", arch=arch, **options)(draw(2, *shape_for(arch)))
    shapes = {name: tuple(each.shape) for name, each in outputs.items()}
    columns = 1 if "semi_supervised" in options else logits_of(arch)
    assert shapes == {"logits": (2, columns), "class_logits": (2, 3)}


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize(
    "options",
    [{"conditional": name} for name in NAMES] + [{"semi_supervised": 100}],
    ids=str,
)
def test_networks_are_flat_float32_at_the_end_saved_and_loaded(options, policy, tmp_path):
    keras.config.set_dtype_policy(policy)
    try:
        generator, discriminator = networks(**options)
    finally:
        keras.config.set_dtype_policy("float32")
    inputs = {"latent": draw(4, 6), "images": draw(4, *SHAPE), "label": np.array([0, 1, 2, 0])}
    for network in (generator, discriminator):
        given = [inputs[each.name] for each in network.inputs]
        given = given[0] if len(given) == 1 else given
        assert not any(isinstance(layer, keras.Model) for layer in network.layers)
        assert {tensor.dtype for tensor in network.outputs} == {"float32"}
        network.save(tmp_path / "network.keras")
        loaded = keras.models.load_model(tmp_path / "network.keras")
        for one, other in zip(tf.nest.flatten(network(given)), tf.nest.flatten(loaded(given))):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("conditioning", NAMES)
def test_the_gradient_reaches_every_weight(conditioning):
    generator, discriminator = networks(conditional=conditioning)
    labels = tf.constant([0, 1, 2, 0])
    with tf.GradientTape() as tape:
        images = generator([tf.constant(draw(4, 6)), labels], training=True)
        given = [images, labels] if len(discriminator.inputs) > 1 else images
        outputs = tf.nest.flatten(discriminator(given, training=True))
        loss = tf.add_n([tf.reduce_sum(tf.cast(each, tf.float32) ** 2) for each in outputs])
    weights = generator.trainable_variables + discriminator.trainable_variables
    for weight, gradient in zip(weights, tape.gradient(loss, [each.value for each in weights])):
        assert gradient is not None and np.any(tf.convert_to_tensor(gradient)), weight.path


def embeddings(network):
    return [layer for layer in network.layers if isinstance(layer, keras.layers.Embedding)]


def test_projection_starts_from_normalization_that_knows_no_label():
    keras.utils.set_random_seed(0)
    config = Config(arch="dcgan", width=4, latent_dim=6, conditional="projection")
    generator = build.generator(network_spec(config, SHAPE, 3))
    # gamma and beta for each of the maps of 4, 7 and 14 pixels
    assert [layer.output_dim for layer in embeddings(generator)] == [16, 16, 8, 8, 4, 4]
    # One at a time: products of equal rows of a batch can differ in their last bits.
    latent = draw(1, 6)
    first, *others = [np.asarray(generator([latent, np.array([label])])) for label in range(3)]
    for each in others:
        np.testing.assert_array_equal(each, first)


def test_projection_scales_and_shifts_what_is_normalized():
    generator, _ = networks(conditional="projection")
    gamma, beta = embeddings(generator)[:2]
    gamma.embeddings.assign(np.outer([0, 1, 2], np.ones(16)))
    beta.embeddings.assign(np.outer([0, 10, 20], np.ones(16)))
    kinds = [type(layer).__name__ for layer in generator.layers]
    index = kinds.index("BatchNormalization")
    added = next(layer for layer in generator.layers[index:] if type(layer).__name__ == "Add")
    pair = keras.Model(generator.inputs, [generator.layers[index].output, added.output])
    normalized, modulated = map(np.asarray, pair([draw(3, 6), np.arange(3)]))
    for label in range(3):
        expected = (1 + label) * normalized[label] + 10 * label
        np.testing.assert_allclose(modulated[label], expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("spectral_norm", ["none", "discriminator"])
def test_projection_adds_the_inner_product_of_features_and_embedding(spectral_norm):
    _, discriminator = networks(conditional="projection", spectral_norm=spectral_norm)
    images, labels = draw(4, *SHAPE), np.array([2, 1, 0, 2])
    for _ in range(30):
        discriminator([images, labels], training=True)
    features = keras.Model(discriminator.inputs, discriminator.get_layer("features").output)
    phi = np.asarray(features([images, labels]))
    dense = [layer for layer in discriminator.layers if len(layer.trainable_weights) in (1, 2)]
    (embedding,) = (w for layer in dense for w in layer.weights if w.shape == (3, phi.shape[1]))
    (last,) = (w for layer in dense for w in layer.weights if w.shape == (phi.shape[1], 1))
    embedding, last = np.asarray(embedding), np.asarray(last)
    bias = next(w for layer in dense for w in layer.weights if w.shape == (1,))
    if spectral_norm == "discriminator":
        embedding = embedding / np.linalg.svd(embedding, compute_uv=False)[0]
        last = last / np.linalg.norm(last)
    expected = phi @ last + np.asarray(bias) + np.sum(embedding[labels] * phi, 1, keepdims=True)
    np.testing.assert_allclose(discriminator([images, labels]), expected, rtol=1e-3, atol=1e-4)


def test_semi_supervised_logits_are_those_of_the_classes_against_a_fake_of_0():
    _, discriminator = networks(semi_supervised=100)
    outputs = discriminator(draw(4, *SHAPE))
    scores = np.exp(np.asarray(outputs["class_logits"], "float64")).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(tf.sigmoid(outputs["logits"]), scores / (scores + 1), rtol=1e-5)


def test_what_training_needs_with_a_conditioning():
    tricks = {name: CONDITIONINGS.entry(name).attributes["trick"] for name in ("concat", "acgan")}
    assert tricks == {"concat": "", "acgan": "auxiliary_classifier"}


def test_without_a_conditioning_networks_know_no_labels():
    config = Config(arch="mlp", width=4, latent_dim=6)
    assert len(build.generator(network_spec(config, SHAPE, 3)).inputs) == 1
    assert len(build.discriminator(network_spec(config, SHAPE, 3)).inputs) == 1


@pytest.mark.parametrize("options", [{"conditional": "concat"}, {"semi_supervised": 10}])
def test_data_without_classes_are_refused(options):
    config = Config(arch="mlp", dataset="image_folder", **options)
    with pytest.raises(UserError, match="'image_folder' has none"):
        build.discriminator(network_spec(config, SHAPE, 0))


def test_an_embedding_of_nothing_is_refused():
    with pytest.raises(UserError, match="1 or more"):
        CONDITIONINGS.build("concat(0)")


def category(spec, size=16, **options):
    """The `NetworkSpec` of a conditional translation of three classes."""
    keras.utils.set_random_seed(0)
    return NetworkSpec(
        architecture=UNet(width=4, dropout=0.0, **options),
        sample_shape=(size, size, 1),
        latent_dim=1,
        num_classes=3,
        conditioning=CONDITIONINGS.build(spec),
        source_shape=(size, size, 1),
        image_discriminator=Zi2ZiDiscriminator(width=4),
    )


def with_random_weights(network):
    for weight in network.weights:
        weight.assign_add(keras.random.normal(weight.shape, stddev=0.3))
    return network


def test_a_category_is_known_to_the_decoder_alone_and_its_embedding_is_frozen():
    network = build.translator(category("category"))
    (embedding,) = embeddings(network)
    assert embedding.embeddings.shape == (3, 128)
    assert np.std(embedding.embeddings) == pytest.approx(0.01, rel=0.1)
    assert not embedding.trainable_weights
    code, joined = (network.get_layer("condition").input[0], network.get_layer("condition").output)
    pair = keras.Model(network.inputs, [code, joined])
    codes, decoded = map(
        np.asarray, pair([np.tile(draw(1, 16, 16, 1), (3, 1, 1, 1)), np.arange(3)])
    )
    np.testing.assert_array_equal(codes[0], codes[2])
    np.testing.assert_allclose(decoded[:, 0, 0, -128:], np.asarray(embedding.embeddings), rtol=1e-6)


def test_options_of_a_category():
    (embedding,) = embeddings(build.translator(category("category(5, trained=True)")))
    assert embedding.embeddings.shape == (3, 5) and embedding.trainable_weights
    network = build.translator(category("category(norm=True)"))
    # The code, and a scale and a shift for each of the decoder's maps of 2, 4 and 8 pixels.
    assert [each.output_dim for each in embeddings(network)] == [128, 16, 16, 8, 8, 4, 4]
    with pytest.raises(UserError, match="1 or more"):
        CONDITIONINGS.build("category(0)")


@pytest.mark.parametrize("spec", ["category", "category(6, norm=True)"])
def test_a_mixture_of_one_class_is_that_class_at_any_size(spec):
    given = category(spec)
    network = with_random_weights(build.translator(given))
    mixed = build.translator(dataclasses.replace(given, any_size=True, mixed=True))
    mixed.set_weights(network.get_weights())
    source, labels = draw(3, 16, 16, 1), np.array([2, 0, 1])
    made = np.asarray(network([source, labels]))
    np.testing.assert_allclose(mixed([source, np.eye(3, dtype="float32")[labels]]), made, atol=1e-5)
    assert np.any(made[0] != np.asarray(network([source, labels * 0]))[0])
    half = np.full((3, 3), 1 / 3, np.float32)
    assert mixed([draw(3, 32, 48, 1), half]).shape == (3, 32, 48, 1)


def test_the_discriminator_of_categories_classifies_pairs():
    network = build.pair_discriminator(category("category"))
    outputs = network([draw(2, 16, 16, 1), draw(2, 16, 16, 1)])
    assert {name: tuple(each.shape) for name, each in outputs.items()} == {
        "logits": (2, 1),
        "class_logits": (2, 3),
    }


@pytest.mark.parametrize("first", [False, True])
def test_embeddings_and_latents_count_by_their_lengths(first):
    made = {}

    class Kept:
        """Keeps what a generator is given."""

        label_first = first

        def generate(self, latents, image_shape):
            made["inputs"] = latents
            return keras.layers.Dense(4)(latents)

    generator = CONDITIONINGS.build("embedding(3)").generator(Kept(), (2, 2, 1), 6, 5)
    joined = keras.Model(generator.inputs, made["inputs"])
    rows = np.asarray(joined([100 * draw(4, 6), np.array([0, 1, 2, 1])]))
    assert rows.shape == (4, 9)
    latents, embedded = (rows[:, 3:], rows[:, :3]) if first else (rows[:, :6], rows[:, 6:])
    np.testing.assert_allclose(np.mean(latents**2, axis=1), 1, rtol=1e-4)
    np.testing.assert_allclose(np.mean(embedded**2, axis=1), 1, rtol=1e-4)
    np.testing.assert_array_equal(embedded[1], embedded[3])
    assert np.all(embedded[0] != embedded[1])
    with pytest.raises(UserError, match="1 or more"):
        CONDITIONINGS.build("embedding(0)")
