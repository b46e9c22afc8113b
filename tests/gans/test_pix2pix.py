"""pix2pix: its losses, its ablations, what the discriminator sees, and what is saved."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from experiments.reliability.comparison import compare
from gan_tf.data.cie_lab import lab_of_rgb
from gan_tf.errors import UserError
from gan_tf.gans.pix2pix import Pix2Pix
from gan_tf.networks.build import NetworkSpec, pair_discriminator, translator
from gan_tf.networks.discriminators import PatchGAN
from gan_tf.networks.unet import UNet
from gan_tf.registry import ARCHITECTURES, DISCRIMINATORS
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.run_dir import RunDir
from gan_tf.training import loop
from gan_tf.tricks.trick import Trick
from tests.conftest import TRANSLATION, tiny_translation
from tests.training.trained import cut

RNG = np.random.default_rng(0)
SOURCES = RNG.uniform(-1, 1, (8, 16, 16, 1)).astype(np.float32)
TARGETS = RNG.uniform(-1, 1, (8, 16, 16, 3)).astype(np.float32)
BATCH = {"image": SOURCES, "target": TARGETS}


def made(tricks=(), source_shape=(16, 16, 1), **options):
    keras.utils.set_random_seed(0)
    spec = NetworkSpec(
        architecture=UNet(width=4, dropout=0.0),
        sample_shape=(16, 16, 3),
        latent_dim=1,
        source_shape=source_shape,
        image_discriminator=PatchGAN(layers=1, width=4),
    )
    gan = Pix2Pix(translator(spec), pair_discriminator(spec), tricks=tricks)
    gan.compile(**options)
    return gan


def weights(network):
    return [each.numpy() for each in network.weights]


def changed(network, before):
    return any(not np.array_equal(*each) for each in zip(weights(network), before))


@pytest.mark.parametrize("eager", [False, True])
def test_the_generators_loss_is_the_adversarial_one_and_the_content(eager):
    gan = made(content_losses=["l1(2)"], run_eagerly=eager)
    outputs = gan(SOURCES)
    logits = gan.discriminator([outputs, tf.constant(SOURCES)])
    adversarial = tf.reduce_mean(tf.nn.softplus(-logits))
    content = 2 * np.abs(outputs - TARGETS).mean()
    found = gan.test_on_batch(BATCH, return_dict=True)
    np.testing.assert_allclose(found["generator_loss"], adversarial, rtol=1e-5)
    np.testing.assert_allclose(found["content_loss"], content, rtol=1e-5)


@pytest.mark.parametrize(
    "options, trains",
    [
        ({}, True),
        ({"loss": "none"}, False),
        ({"content_losses": ["none"]}, True),
        ({"discriminator_steps": 2, "penalties": ["r1(1, every=1)"]}, True),
    ],
)
def test_without_an_adversarial_loss_only_the_generator_is_trained(options, trains):
    gan = made(**options, run_eagerly=True)
    before = {name: weights(network) for name, network in gan.networks.items()}
    logs = gan.train_on_batch(BATCH, return_dict=True)
    assert changed(gan.generator, before["generator"])
    assert changed(gan.discriminator, before["discriminator"]) == trains
    assert ("discriminator_loss" in logs) == trains and "content_loss" in logs


def test_a_content_loss_that_does_not_fit_the_targets_is_refused():
    with pytest.raises(UserError, match=r"'perceptual': .* only grayscale"):
        made(content_losses=["perceptual('mnist_classifier')"])


@pytest.mark.slow
@pytest.mark.parametrize("loss", ["l1", "perceptual"])
def test_content_alone_learns_a_map(loss):
    gan = made(loss="none", content_losses=[loss], generator_optimizer="adam(1e-2)")
    pairs = {"image": SOURCES, "target": np.repeat(SOURCES, 3, -1) * 0.5}
    first = gan.train_on_batch(pairs, return_dict=True)["content_loss"]
    for _ in range(40):
        gan.train_on_batch(pairs)
    gan.reset_metrics()
    assert gan.train_on_batch(pairs, return_dict=True)["content_loss"] < first / 2


class Seen(Trick):
    """Shifts images at random, as DiffAugment does, and keeps them."""

    hooks = ("images",)

    def __init__(self):
        self.shown = []

    def images(self, gan, images):
        images += keras.random.uniform((tf.shape(images)[0], 1, 1, 1), seed=gan.random)
        self.shown.append(images)
        return images


def test_tricks_change_both_of_a_pair_alike_and_each_pair_differently():
    trick = Seen()
    gan = made([trick])
    gan.discriminate(tf.constant(np.repeat(SOURCES, 3, -1)), tf.constant(SOURCES))
    of_targets, of_sources = trick.shown
    np.testing.assert_array_equal(of_targets[..., :1], of_sources)
    shifts = np.unique(np.round(of_sources - SOURCES, 4)[:, 0, 0, 0])
    assert len(shifts) == len(SOURCES)
    gan.discriminate(tf.constant(np.repeat(SOURCES, 3, -1)), tf.constant(SOURCES))
    assert not np.allclose(trick.shown[2], of_targets)  # the next draw is another


def test_a_small_source_is_seen_in_the_size_of_the_target():
    gan = made(source_shape=(8, 8, 1), run_eagerly=True)
    logs = gan.train_on_batch({"image": SOURCES[:, ::2, ::2], "target": TARGETS}, return_dict=True)
    assert np.isfinite(list(logs.values())).all()
    assert gan(SOURCES[:, ::2, ::2]).shape == (8, 16, 16, 3)


def test_in_lab_the_lightness_is_that_of_the_source():
    spec = NetworkSpec(UNet(width=4, dropout=0.0), (16, 16, 3), 1, source_shape=(16, 16, 1))
    colored = Pix2Pix.build_network("generator", spec, color="lab")(SOURCES)
    lightness = lab_of_rgb(colored)[..., :1]
    np.testing.assert_allclose(lightness, lab_of_rgb(np.repeat(SOURCES, 3, -1))[..., :1], atol=0.5)
    assert np.std(colored - np.mean(colored, -1, keepdims=True)) > 0
    with pytest.raises(UserError, match="give one of rgb, lab"):
        Pix2Pix.check_options(color="xyz")


@pytest.mark.slow
def test_it_is_saved_with_its_losses(tmp_path):
    gan = made(content_losses=["l1(7)"], penalties=["r1(1)"])
    gan.train_on_batch(BATCH)
    gan.save(tmp_path / "gan.keras")
    copy = keras.saving.load_model(tmp_path / "gan.keras")
    assert copy.content_losses[0].weight == 7
    np.testing.assert_array_equal(copy(SOURCES), gan(SOURCES))
    for each in (gan, copy):
        each.train_on_batch(BATCH)
    np.testing.assert_array_equal(copy(SOURCES), gan(SOURCES))


@pytest.mark.parametrize(
    "architecture, discriminator",
    [
        ("unet(width=2)", "pixel(width=2)"),
        ("resnet_translator(width=2, blocks=1)", "patchgan(layers=1, width=2)"),
        ("srresnet(width=2, blocks=1)", "vgg(width=2)"),
        ("rrdb(width=2, blocks=1, growth=2)", "patchgan(layers=2, width=2)"),
    ],
)
def test_a_step_trains_every_translator_and_discriminator(architecture, discriminator):
    keras.utils.set_random_seed(0)
    spec = NetworkSpec(
        architecture=ARCHITECTURES.build(architecture),
        sample_shape=(16, 16, 3),
        latent_dim=1,
        source_shape=(8, 8, 3),
        image_discriminator=DISCRIMINATORS.build(discriminator),
    )
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        gan = Pix2Pix(translator(spec), pair_discriminator(spec))
    finally:
        keras.config.set_dtype_policy("float32")
    # Of non-saturating losses, the gradients of a last bias cancel at first.
    gan.compile("adam(0.01)", "adam(0.01)", loss="least_squares", run_eagerly=True)
    before = [np.array(each) for each in gan.trainable_variables]
    found = gan.train_on_batch({"image": TARGETS[:, ::2, ::2], "target": TARGETS}, return_dict=True)
    assert np.all(np.isfinite(list(found.values())))
    for weight, old in zip(gan.trainable_variables, before):
        assert np.any(np.asarray(weight) != old), weight.path


@pytest.mark.slow
def test_a_run_that_was_interrupted_ends_bit_for_bit_as_one_that_was_not(
    translation_run, photos, tmp_path
):
    """Dropout, flips, places of the jitter, snapshots, scores and the best checkpoint included."""
    *_, before, _ = CheckpointStore(RunDir(translation_run).checkpoints).steps()
    run = cut(translation_run, tmp_path / "run", before)
    loop.train(tiny_translation(photos, run, **TRANSLATION))
    found = compare(translation_run, run)
    assert {"samples", "best", "checkpoints"} < {name.partition("/")[0] for name in found}
    differing = {name for name, (_, differ) in found.items() if differ}
    assert differing <= {
        "generator.keras"
    }  # layers of a second model in a process have other names
