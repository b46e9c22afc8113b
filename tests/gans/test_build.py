"""What is checked before a GAN is built, and what it is shown before the first step."""

import numpy as np
import pytest

from gan_tf.errors import UserError
from gan_tf.gans.build import Parts, build, initialize_from_data
from gan_tf.networks.normalization import REFERENCE_SIZE, Reference
from gan_tf.options.config import Config
from tests.conftest import examples

# A class after the other, as in sorted files; the shade of an image is its number.
DATA = examples(
    np.repeat(np.arange(100, dtype=np.uint8), 64).reshape(100, 8, 8, 1), np.arange(100) // 50
)


def shown(**changes):
    """A GAN with virtual batch norm in both networks, and the references of one of them by name."""
    norms = dict(generator_norm="virtual_batch", discriminator_norm="virtual_batch")
    config = Config(dataset="mnist", arch="mlp(width=4)", latent_dim=6, **norms | changes).resolve()
    gan = build(config, (8, 8, 1), ("a", "b") if config.conditional else ())
    initialize_from_data(gan, config, DATA)
    return gan, {
        name: [
            np.asarray(layer.reference)
            for layer in network._flatten_layers()
            if isinstance(layer, Reference)
        ]
        for name, network in gan.networks.items()
    }


def test_the_discriminator_s_references_are_images_drawn_at_random():
    _, references = shown()
    (images,) = references["discriminator"]
    numbers = np.round((images.reshape(REFERENCE_SIZE, -1)[:, 0] + 1) * 127.5).astype(int)
    assert len(set(numbers)) == REFERENCE_SIZE  # each once
    assert 8 < (numbers < 50).sum() < 24  # of either class


@pytest.mark.parametrize("prior", ["normal", "uniform(2.0, 3.0)"])
def test_the_generator_s_references_are_latents_of_its_prior(prior):
    _, references = shown(prior=prior, trick=("ema(0.9)",))
    (latents,) = references["generator"]
    assert latents.shape == (REFERENCE_SIZE, 6)
    if prior != "normal":
        assert latents.min() >= 2 and latents.max() <= 3
    np.testing.assert_array_equal(references["ema_generator"][0], latents)


def test_the_generator_s_references_have_labels():
    gan, references = shown(conditional="concat(3)")
    (inputs,) = references["generator"]
    (layer,) = (each for each in gan.generator.layers if hasattr(each, "embeddings"))
    embeddings = np.asarray(layer.embeddings)
    found = {tuple(each) for each in inputs[:, 6:].round(5)}
    assert found == {tuple(each) for each in embeddings.round(5)}


@pytest.mark.parametrize(
    "option",
    [
        {"penalty": ("r1(10, every=0)",)},
        {"prior": "uniform(1.0, -1.0)"},
        {"trick": ("label_smoothing(1.2, 0.7)",)},
        {"trick": ("lr_decay('lin')",)},
        {"conditional": "concat(0)"},
        {"discriminator_optimizer": "adam(-1)"},
    ],
)
def test_senseless_arguments_are_refused_before_anything_is_built(option):
    config = Config(dataset="mnist", **option).resolve()
    with pytest.raises(UserError):
        Parts.of(config)
    Parts.of(Config(dataset="mnist", conditional="acgan", trick=("ema",)).resolve())


def test_the_parts_that_are_checked_are_those_that_train():
    config = Config(
        dataset="mnist",
        arch="mlp(width=4)",
        latent_dim=6,
        penalty=("r1(1.0)",),
        trick=("generator_noise(0.1)", "lr_decay"),
    ).resolve()
    parts = Parts.of(config)
    noise, decay = parts.spec.tricks
    gan = parts.gan((8, 8, 1), total_steps=20)
    assert gan.tricks == [noise, decay]
    assert decay.total_steps == 20
    assert gan.adversarial_loss is parts.losses["loss"]
    assert gan.penalties == parts.losses["penalties"]
    for name, each in gan.optimizers.items():
        assert each.optimizer is parts.optimizers[name]
