"""Adaptive discriminator augmentation, and that of a given strength."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS
from gan_tf.runs.checkpoint_store import CheckpointStore
from gan_tf.runs.training_state import read_gan

SPEC = "ada(target=0.6, kimg=1.0, every=2)"


@pytest.fixture
def gan(make):
    return make(SPEC, batch_size=16, compile={"run_eagerly": True})


def batch(gan, logits):
    """What the trick needs of a batch."""
    from gan_tf.gans.batch import Batch
    from gan_tf.gans.discriminator_output import DiscriminatorOutput

    output = DiscriminatorOutput(tf.constant(logits, tf.float32)[:, None])
    return Batch(None, None, real_output=output)


def test_the_strength_follows_the_signs_of_the_reals(gan):
    (trick,) = gan.tricks
    strength = gan.kept["augmentation_strength"]
    found = []
    for logits in ([1, 2, 3, 4], [1, 1, 1, 1], [5, 1, 1, -1], [1, 1, 1, -2], [-1] * 4, [-1] * 4):
        assert trick.discriminator_loss(gan, 7.0, batch(gan, logits)) == 7
        gan.step.assign_add(1)
        trick.after_step(gan)
        found.append(float(strength))
    # after 2 steps a mean sign of 1, after 4 of 0.5, after 6 of -1; 2 x 16 images of 1,000; not below 0
    assert found == pytest.approx([0, 0.032, 0.032, 0, 0, 0])


def test_signs_of_other_intervals_do_not_count(gan):
    (trick,) = gan.tricks
    for logits in ([-1] * 4, [-1] * 4, [1] * 4, [1] * 4):
        trick.discriminator_loss(gan, 0.0, batch(gan, logits))
        gan.step.assign_add(1)
        trick.after_step(gan)
    assert float(gan.kept["augmentation_strength"]) == pytest.approx(0.032)
    np.testing.assert_array_equal(gan.kept["augmentation_signs"], [0, 0])


def test_images_are_augmented_for_the_discriminator_alone(gan, images):
    (trick,) = gan.tricks
    latents = keras.random.normal((4, 14), seed=0)
    plain = np.asarray(gan(latents))
    np.testing.assert_array_equal(trick.images(gan, tf.constant(images)), images)
    gan.kept["augmentation_strength"].assign(1.0)
    np.testing.assert_array_equal(gan(latents), plain)
    np.testing.assert_array_equal(gan.preview(latents), plain)
    changed = np.any(trick.images(gan, tf.constant(images)) != images, axis=(1, 2, 3))
    assert changed.all()


def test_a_run_goes_on_with_its_strength(make, gan, images, tmp_path):
    gan.kept["augmentation_strength"].assign(0.7)
    gan.train_on_batch(images)
    logs = gan.train_on_batch(images, return_dict=True)
    assert -1 <= logs["real_sign"] <= 1 and 0.6 < logs["augmentation_strength"] < 0.8
    gan.train_on_batch(images)  # in the middle of an interval
    CheckpointStore(tmp_path).save(gan)
    other = make(SPEC, batch_size=16, compile={"run_eagerly": True})
    CheckpointStore(tmp_path).restore(read_gan(other))
    for _ in range(2):
        assert other.train_on_batch(images, return_dict=True) == pytest.approx(
            gan.train_on_batch(images, return_dict=True), rel=1e-5
        )
    for name, kept in gan.kept.items():
        np.testing.assert_array_equal(other.kept[name], kept)


@pytest.mark.parametrize("spec", ["ada(target=2.0)", "ada(kimg=0)", "ada(every=0)"])
def test_senseless_arguments_are_refused(spec):
    with pytest.raises(UserError, match="must be from 0 to 1"):
        TRICKS.build(spec)


def test_an_unknown_policy_and_an_unknown_batch_size_are_refused(make):
    with pytest.raises(UserError, match="no 'cutout': give any of blit, geometry, color"):
        TRICKS.build("ada(policy='blit,cutout')")
    from gan_tf.gans.standard import GAN
    from gan_tf.networks.mlp import MLP

    mlp = MLP(2)
    with pytest.raises(ValueError, match="batch_size"):
        GAN(mlp.generator((4, 4, 1), 3), mlp.discriminator((4, 4, 1)), tricks=["ada"])


@pytest.mark.parametrize(
    "spec, strengths",
    [
        ("augmentation(0.4)", [0.4] * 4),
        ("augmentation(0.4, grows=True)", [0.0, 0.2 - 0.2 * 0.5**0.5, 0.2, 0.2 + 0.2 * 0.5**0.5]),
    ],
)
def test_a_given_strength_stays_or_rises_to_the_end(make, images, spec, strengths):
    gan = make(spec, loss="relativistic", compile={"loss": "relativistic"})  # which has no signs
    found = [
        gan.train_on_batch(images, return_dict=True)["augmentation_strength"] for _ in range(4)
    ]
    # The logged means are of one step each.
    assert found == pytest.approx(strengths, abs=1e-6)
    (trick,) = gan.tricks
    assert float(trick._probability(gan)) == pytest.approx(0.4)  # after the 4 steps of the run


def test_so_are_images_of_the_discriminator_alone(make, images):
    gan = make("augmentation(1.0, policy='geometry', grows=True)", compile={"run_eagerly": True})
    (trick,) = gan.tricks
    latents = keras.random.normal((4, 14), seed=0)
    plain = np.asarray(gan(latents))
    np.testing.assert_array_equal(trick.images(gan, tf.constant(images)), images)
    gan.step.assign(4)
    np.testing.assert_array_equal(gan(latents), plain)
    np.testing.assert_array_equal(gan.preview(latents), plain)
    changed = np.any(trick.images(gan, tf.constant(images)) != images, axis=(1, 2, 3))
    assert changed.all()


@pytest.mark.parametrize("trick", ["ada(policy='geometry'", "augmentation(1, policy='geometry'"])
def test_images_are_filtered_if_asked_for(make, images, trick):
    """The same transforms, with other values between the pixels."""
    made = []
    for filtered in (False, True):
        gan = make(f"{trick}, filtered={filtered})", compile={"run_eagerly": True}, batch_size=16)
        if gan.kept:
            gan.kept["augmentation_strength"].assign(1.0)
        made.append(np.asarray(gan.tricks[0].images(gan, tf.constant(images))))
    between, moved = (np.abs(made[0] - each).mean() for each in (made[1], images))
    assert 0.01 * moved < between < 0.8 * moved


@pytest.mark.parametrize(
    "spec, words",
    [
        ("augmentation(1.5)", "must be from 0 to 1"),
        ("augmentation(-0.1)", "must be from 0 to 1"),
        ("augmentation(policy='cutout')", "no 'cutout': give any of blit, geometry, color"),
    ],
)
def test_senseless_strengths_are_refused(spec, words):
    with pytest.raises(UserError, match=words):
        TRICKS.build(spec)
