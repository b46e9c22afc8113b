"""Content losses by hand."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.registry import CONTENT_LOSSES, FEATURES

OUTPUT = tf.constant([[[[0.0], [1.0]], [[0.5], [-1.0]]]])  # (1, 2, 2, 1)
TARGET = tf.constant([[[[0.0], [0.0]], [[1.0], [-0.5]]]])


@pytest.mark.parametrize(
    "spec, expected",
    [
        ("l1", 100 * (0 + 1 + 0.5 + 0.5) / 4),
        ("l1(2)", 2 * 0.5),
        ("l2(1)", (1 + 0.25 + 0.25) / 4),
        # down: |0.5 - 0|, |-1 - 1|; across: |1 - 0|, |-1 - 0.5|
        ("total_variation(3)", 3 * ((0.5 + 2) / 2 + (1 + 1.5) / 2)),
        ("none", 0),
    ],
)
def test_values(spec, expected):
    np.testing.assert_allclose(CONTENT_LOSSES.build(spec)(OUTPUT, TARGET), expected, rtol=1e-6)


@pytest.mark.parametrize("features", ["random_conv", "celeb_a_attributes"])
def test_the_perceptual_loss_has_the_gradient_of_finite_differences(features):
    loss = CONTENT_LOSSES.build(f"perceptual('{features}', 3)")
    random = np.random.default_rng(0)
    output, target, direction = (
        tf.constant(random.uniform(-1, 1, (2, 16, 16, 3)), tf.float32) for _ in range(3)
    )
    assert loss(target, target) == 0 and loss(output, target) > 0.1
    with tf.GradientTape() as tape:
        tape.watch(output)
        value = loss(output, target)
    slope = tf.reduce_sum(tape.gradient(value, output) * direction)
    step = 1e-3
    ends = (loss(output + sign * step * direction, target) for sign in (1, -1))
    difference = (next(ends) - next(ends)) / (2 * step)
    np.testing.assert_allclose(slope, difference, rtol=0.02)


def test_the_perceptual_loss_by_hand():
    """The mean over the maps of mean absolute differences, times the weight."""
    maps = [FEATURES.build("random_conv").maps(each) for each in (OUTPUT, TARGET)]
    expected = 5 * np.mean([np.mean(np.abs(one - other)) for one, other in zip(*maps)])
    loss = CONTENT_LOSSES.build("perceptual(weight=5)")
    np.testing.assert_allclose(loss(OUTPUT, TARGET), expected, rtol=1e-6)


def test_images_without_variance_have_a_perceptual_gradient():
    loss, black = CONTENT_LOSSES.build("perceptual"), tf.zeros((1, 8, 8, 3))
    with tf.GradientTape() as tape:
        tape.watch(black)
        value = loss(black, black + 0.5)
    gradient = tape.gradient(value, black)
    assert np.isfinite(gradient).all() and np.any(gradient)


def test_perceptual_features_must_have_maps_and_fit():
    with pytest.raises(UserError, match=r"--features=pixels has none: .* random_conv, vgg19\."):
        CONTENT_LOSSES.build("perceptual('pixels')")
    with pytest.raises(UserError, match=r"'gone\.h5' of vgg19 does not exist"):
        CONTENT_LOSSES.build("perceptual(\"vgg19('gone.h5')\")")
    loss = CONTENT_LOSSES.build("perceptual('mnist_classifier')")
    loss.check((28, 28, 1))
    with pytest.raises(UserError, match=r"'perceptual': .* only grayscale"):
        loss.check((28, 28, 3))


def test_negative_weights_are_refused():
    with pytest.raises(UserError, match="negative: it must be 0 or more"):
        CONTENT_LOSSES.build("l1(-1)")


@pytest.mark.parametrize("name", CONTENT_LOSSES.names())
def test_losses_are_saved_as_their_arguments(name):
    loss = CONTENT_LOSSES.build(name)
    copy = type(loss).from_config(loss.get_config())
    np.testing.assert_array_equal(copy(OUTPUT, TARGET), loss(OUTPUT, TARGET))
