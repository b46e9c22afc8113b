"""Every architecture at every size it claims; its encoders and judges of pairs."""

import keras
import numpy as np
import pytest
from keras import layers

from gan_tf.errors import UserError
from gan_tf.networks import build
from gan_tf.networks.moments import BatchNormalization
from gan_tf.networks.spectral import SpectralNormalization
from gan_tf.registry import ARCHITECTURES
from tests.architectures import logits_of, shape_for, taking

SHAPE = (28, 28, 3)
NAMES = ["mlp", "dcgan", "resnet"]


def spec(name, **options):
    return build.NetworkSpec(ARCHITECTURES.build(name, {"width": 4} | options), SHAPE, 6)


def inputs(count=3):
    random = np.random.default_rng(0)
    images = random.uniform(-1, 1, (count, *SHAPE)).astype(np.float32)
    return images, random.standard_normal((count, 6)).astype(np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_an_encoder_is_the_discriminators_trunk_and_a_linear_layer(name):
    network, plain = build.encoder(spec(name), 2), build.discriminator(spec(name))
    assert network.output_shape == (None, 12)
    features = network.get_layer("features").output
    assert features.shape == plain.get_layer("features").output.shape
    last = keras.Model(features, network.outputs)  # fails where they also read others
    assert last.count_params() == 12 * (features.shape[-1] + 1)
    trunk = plain.count_params() - (features.shape[-1] + 1)
    assert network.count_params() == trunk + last.count_params()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_for_the_adversary_is_not_for_the_encoder(name):
    adversarial = dict(spectral_norm="both", discriminator_norm="none", minibatch_stddev=3)
    made, plain = build.encoder(spec(name, **adversarial)), build.encoder(spec(name))
    kinds = [[type(layer).__name__ for layer in network.layers] for network in (made, plain)]
    assert kinds[0] == kinds[1]
    assert any(map(_is_spectral, build.joint_discriminator(spec(name, **adversarial)).layers))
    assert not any(map(_is_spectral, made.layers))


def _is_spectral(layer):
    return isinstance(layer, SpectralNormalization)


@pytest.mark.parametrize("name", NAMES)
def test_a_pair_is_judged_by_its_image_and_its_latent(name):
    network = build.joint_discriminator(spec(name))
    images, latents = inputs()
    logits = np.asarray(network([images, latents]))
    assert logits.shape == (3, 1) and logits.dtype == np.float32
    changed = np.asarray(network([images, np.roll(latents, 1, axis=0)]))
    assert np.all(changed != logits)
    assert np.all(np.asarray(network([np.roll(images, 1, axis=0), latents])) != logits)


@pytest.mark.parametrize("name", NAMES)
def test_the_features_of_a_pair_are_the_images(name):
    network = build.joint_discriminator(spec(name))
    features = keras.Model(network.inputs, network.get_layer("features").output)
    images, latents = inputs()
    one, other = features([images, latents]), features([images, 2 * latents])
    np.testing.assert_array_equal(one, other)
    alone = build.discriminator(spec(name)).get_layer("features").output
    assert features.output_shape == alone.shape


def test_the_layers_that_join_a_pair_are_those_of_ali():
    network = build.joint_discriminator(spec("mlp"))
    units = [layer.units for layer in network.layers if isinstance(layer, layers.Dense)]
    # 8 and 4 of the image; the logit last; two of the latent and two of both.
    assert sorted(units) == [1, 4, 8, 512, 512, 512, 512]
    rates = [layer.rate for layer in network.layers if isinstance(layer, layers.Dropout)]
    assert rates == [0.2] * 4
    pair = inputs()
    kept = [np.asarray(network(list(pair), training=False)) for _ in range(2)]
    np.testing.assert_array_equal(*kept)
    dropped = [np.asarray(network(list(pair), training=True)) for _ in range(2)]
    assert np.all(dropped[0] != dropped[1])


def test_a_discriminator_of_pairs_has_the_norm_that_was_asked_for():
    def norms(**options):
        network = build.joint_discriminator(spec("dcgan", **options))
        return sum(isinstance(layer, BatchNormalization) for layer in network.layers)

    assert norms() == 2 and norms(discriminator_norm="none") == 0


LATENT = {name: shape_for(name) for name in taking("latent")}
SIZES = [
    (name, size)
    for name, shape in LATENT.items()
    if len(shape) == 3
    for size in ARCHITECTURES.entry(name).attributes["image_sizes"] or (28, 32, 64, 128)
]


def networks(name, image_shape, latent_dim=10, width=4):
    architecture = ARCHITECTURES.build(f"{name}(width={width})")
    length = architecture.latent_length(latent_dim, image_shape)
    return architecture.generator(image_shape, length), architecture.discriminator(image_shape)


@pytest.mark.parametrize(
    "name, size, channels", [(*each, (1, 3)[row % 2]) for row, each in enumerate(SIZES)]
)
def test_shapes_and_ranges(name, size, channels):
    generator, discriminator = networks(name, (size, size, channels))
    images = generator(keras.random.normal((2, 10), seed=0))
    assert images.shape == (2, size, size, channels)
    assert np.all(np.abs(images) <= 1)
    assert discriminator(images).shape == (2, 1)


@pytest.mark.parametrize("name", LATENT)
def test_the_logits_read_the_features(name):
    _, discriminator = networks(name, LATENT[name])
    features = discriminator.get_layer("features").output
    assert len(features.shape) == 2
    last = keras.Model(features, discriminator.outputs)  # fails where they also read others
    biases = 0 if name == "bigan_mlp" else logits_of(name)  # of fastgan: an estimate
    assert last.count_params() == features.shape[-1] + biases


@pytest.mark.parametrize("name", LATENT)
def test_outputs_are_float32_in_mixed_precision(name):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator, discriminator = networks(name, LATENT[name])
    finally:
        keras.config.set_dtype_policy("float32")
    images = generator(keras.random.normal((2, generator.input_shape[-1])))
    assert images.dtype == "float32"
    assert discriminator(images).dtype == "float32"
    assert any(layer.compute_dtype == "bfloat16" for layer in generator.layers)


@pytest.mark.parametrize("name", LATENT)
def test_a_width_below_1_is_refused(name):
    with pytest.raises(UserError, match="--width=0 is too small"):
        ARCHITECTURES.build(name, {"width": 0})
