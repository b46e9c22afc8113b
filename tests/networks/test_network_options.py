"""Every option of every architecture of latents: shapes, gradients of both orders, training, saving."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.gans.build import network_spec
from gan_tf.gans.standard import GAN
from gan_tf.networks import build
from gan_tf.options.config import Config
from gan_tf.registry import ARCHITECTURES
from tests.architectures import logits_of, shape_for, taking, together

NORMS = ("batch", "instance", "layer", "virtual_batch", "none")
VALUES = {
    "generator_norm": NORMS,
    "discriminator_norm": NORMS,
    "spectral_norm": ("both",),
    "upsampling": ("transposed", "pixel_shuffle", "nearest", "bilinear"),
    "downsampling": ("strided", "average_pool", "max_pool"),
    "generator_activation": ("gelu",),
    "discriminator_activation": ("elu",),
    "minibatch_stddev": (3,),
    "relaxation": ("gumbel", "straight_through"),
}


def cases():
    for entry in map(ARCHITECTURES.entry, taking("latent")):
        for argument in entry.arguments:
            values = VALUES.get(argument.name, ())
            if values == NORMS:
                values = entry.attributes["norms"] or NORMS
            if entry.name == "gumbel_lstm" and argument.name == "spectral_norm":
                values = ("discriminator",)
            for value in set(values) - {argument.default}:
                yield entry.name, argument.name, value


def combined():
    """Some values of all options at once, each in one case."""
    for entry in map(ARCHITECTURES.entry, taking("latent")):
        norms = entry.attributes["norms"] or NORMS
        values = VALUES | {"generator_norm": norms, "discriminator_norm": norms[::-1]}
        if entry.name == "gumbel_lstm":
            values["spectral_norm"] = ("discriminator",)
        for options in together(entry.arguments, values):
            yield pytest.param(entry.name, options, id=f"{entry.name}-{options}")


def networks(policy="float32", size=28, **options):
    keras.utils.set_random_seed(0)
    config = Config(**dict(width=4, latent_dim=6) | options)
    keras.config.set_dtype_policy(policy)
    try:
        shape = shape_for(config.arch, (size, size, 1))
        return build.generator(network_spec(config, shape, 3)), build.discriminator(
            network_spec(config, shape, 3)
        )
    finally:
        keras.config.set_dtype_policy("float32")


@pytest.mark.parametrize("arch, options", combined())
def test_the_gradients_of_both_orders_reach_every_weight(arch, options):
    both = networks("mixed_bfloat16", arch=arch, **options)
    with tf.GradientTape() as tape:
        images = both[0](keras.random.normal((5, both[0].input_shape[-1]), seed=0), training=True)
        with tf.GradientTape() as inner:
            inner.watch(images)
            logits = both[1](images, training=True)
        slopes = inner.gradient(logits, images)
        loss = tf.reduce_sum(logits**2) + tf.reduce_sum(slopes**2)
    assert images.dtype == logits.dtype == "float32"
    weights = both[0].trainable_variables + both[1].trainable_variables
    for weight, gradient in zip(weights, tape.gradient(loss, [each.value for each in weights])):
        assert gradient is not None and np.any(gradient), weight.path
        assert np.all(np.isfinite(gradient)), weight.path


# Layers are saved alike in all architectures: one for each option.
@pytest.mark.slow
@pytest.mark.parametrize("name, value", sorted({case[1:] for case in cases()}))
def test_each_option_is_saved_and_loaded(name, value, tmp_path):
    arch = next(arch for arch, *option in sorted(cases()) if option == [name, value])
    generator, discriminator = networks(arch=arch, **{name: value})
    latents = keras.random.normal((5, generator.input_shape[-1]), seed=0)
    images = generator(latents)
    logits = discriminator(images)
    assert images.shape == (5, *shape_for(arch)) and logits.shape == (5, logits_of(arch))
    for network, inputs, outputs in ((generator, latents, images), (discriminator, images, logits)):
        network.save(tmp_path / "network.keras")
        loaded = keras.models.load_model(tmp_path / "network.keras")
        np.testing.assert_array_equal(loaded(inputs), outputs)


@pytest.mark.parametrize(
    "arch, name, value", sorted(case for case in cases() if case[1].endswith("sampling"))
)
def test_each_way_of_resampling_makes_odd_and_even_maps(arch, name, value):
    for size in (28, 32):
        generator, discriminator = networks(size=size, arch=arch, **{name: value})
        assert generator.output_shape == (None, *shape_for(arch, (size, size, 1)))
        assert discriminator.output_shape == (None, logits_of(arch))


COMBINATIONS = [
    (
        "mixed_bfloat16",
        dict(spectral_norm="both", generator_norm="virtual_batch", conditional="projection"),
    ),
    (
        "mixed_bfloat16",
        dict(discriminator_norm="virtual_batch", upsampling="pixel_shuffle", conditional="concat"),
    ),
    (
        "float32",
        dict(discriminator_norm="none", minibatch_stddev=4, packing=2, downsampling="max_pool"),
    ),
    pytest.param(
        "mixed_bfloat16",
        dict(arch="resnet", spectral_norm="both", conditional="projection"),
        marks=pytest.mark.slow,
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("policy, options", COMBINATIONS, ids=str)
def test_a_step_of_training_changes_every_weight(policy, options):
    gan = GAN(*networks(policy, **options))
    gan.compile("adam(0.01)", "adam(0.01)")
    before = [np.array(each) for each in gan.trainable_variables]
    images = np.asarray(keras.random.uniform((12, 28, 28, 1), -1, 1, seed=0))
    history = gan.fit(images, np.arange(12) % 3, batch_size=12, verbose=0).history
    assert np.all(np.isfinite(list(history.values())))
    for weight, old in zip(gan.trainable_variables, before):
        assert np.any(np.asarray(weight) != old), weight.path
