"""Instance noise, and noise and dropout in the generator."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import TRICKS


def test_instance_noise_becomes_less_until_the_last_step(make, images):
    gan = make("instance_noise(0.5)")  # 4 steps in all
    deviations = []
    for step in range(6):
        gan.step.assign(step)
        seen = gan.tricks[0].images(gan, tf.zeros((50, 28, 28, 1)))
        deviations.append(np.std(seen))
    np.testing.assert_allclose(deviations, [0.5, 0.375, 0.25, 0.125, 0, 0], atol=0.01)


def test_the_discriminator_judges_the_noisy_images(make, images):
    plain, noisy = (make(*tricks).discriminate(images) for tricks in ((), ("instance_noise(3.0)",)))
    assert np.abs(plain.logits - noisy.logits).max() > 1e-2


@pytest.mark.parametrize("architecture", ["mlp", "dcgan"])
@pytest.mark.parametrize("conditional", [None, "concat"])
@pytest.mark.parametrize("name, kind", [("noise", "GaussianNoise"), ("dropout", "ConstantDropout")])
def test_a_layer_stands_behind_each_hidden_activation(make, name, kind, conditional, architecture):
    def kinds(*tricks):
        gan = make(*tricks, architecture=architecture, conditional=conditional)
        return [type(each).__name__ for each in gan.generator.layers]

    plain, edited = kinds(), kinds(f"generator_{name}")
    hidden = sum("ReLU" in each for each in plain)
    assert hidden >= 3 and edited.count(kind) == hidden
    assert [each for each in edited if each != kind] == plain
    assert all("ReLU" in before for before, after in itertools.pairwise(edited) if after == kind)


@pytest.mark.parametrize(
    "spec, varies",
    [
        ("generator_noise", False),
        ("generator_dropout", True),
        ("generator_dropout(0.5, False)", False),
    ],
)
def test_only_dropout_makes_samples_vary(make, spec, varies):
    gan = make(spec)
    latents = np.ones((3, 14), np.float32)
    first, second = (gan.predict_on_batch(latents) for _ in range(2))
    assert np.any(first != second) == varies
    training = [np.asarray(gan.generator(latents, training=True)) for _ in range(2)]
    assert np.any(training[0] != training[1])


def test_an_edited_generator_keeps_its_weights_and_learns(make, images):
    plain, edited = make(), make("generator_noise(0.0)")
    for mine, theirs in zip(edited.generator.get_weights(), plain.generator.get_weights()):
        np.testing.assert_array_equal(mine, theirs)
    before = edited.generator.get_weights()
    edited.train_on_batch(images)
    assert all(np.any(a != b) for a, b in zip(edited.generator.get_weights(), before))


@pytest.mark.parametrize(
    "spec", ["instance_noise(-0.1)", "generator_noise(-1.0)", "generator_dropout(1.0)"]
)
def test_senseless_strengths_are_refused(spec):
    with pytest.raises(UserError, match="must be 0 or more"):
        TRICKS.build(spec)
