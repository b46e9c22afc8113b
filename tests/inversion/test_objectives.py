"""Objectives, by hand."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.errors import UserError
from gan_tf.inversion.objectives import Candidate, Target, Total
from gan_tf.registry import OBJECTIVES


def candidate(**changes):
    seen = tf.constant([[[[0.5]], [[-1.0]]]])  # one image of 2x1
    fields = dict(latents=tf.constant([[1.0, 3.0]]), images=seen, seen=seen)
    return Candidate(**fields | changes)


def target(weights, **changes):
    fields = dict(seen=tf.zeros((1, 2, 1, 1)), weights=tf.reshape(weights, (1, 2, 1, 1)))
    return Target(**fields | changes)


@pytest.mark.parametrize(
    "name, weights, expected",
    [
        ("pixels", [1.0, 1.0], (0.25 + 1) / 2),
        ("pixels", [3.0, 1.0], (3 * 0.25 + 1) / 4),
        ("pixels", [1.0, 0.0], 0.25),
        ("pixels", [0.0, 0.0], 0),  # nothing is known
        ("absolute", [3.0, 1.0], (3 * 0.5 + 1) / 4),
        ("shell", [1.0, 1.0], ((1 + 9) / 2 - 1) ** 2),
    ],
)
def test_of_pixels_and_latents(name, weights, expected):
    objective = OBJECTIVES.build(name)
    found = objective(candidate(), target(tf.constant(weights)))
    np.testing.assert_allclose(found, [expected], rtol=1e-6)


@pytest.mark.parametrize("shape", [(1, 2), (1, 2, 1), (1, 1, 2)])
def test_styles_are_kept_near_their_mean(shape):
    points = tf.reshape(tf.constant([1.0, 3.0]), shape)
    found = OBJECTIVES.build("center")(candidate(latents=points), target(tf.ones(2)))
    np.testing.assert_allclose(found, [(1 + 9) / 2])


def test_of_the_discriminator_and_an_encoder():
    two = dict(features=tf.constant([[1.0, 2.0]]), codes=tf.constant([[1.0, 1.0]]))
    seen = candidate(logits=tf.constant([0.0]), **two)
    wanted = target(tf.ones(2), features=tf.constant([[0.0, 4.0]]), codes=tf.constant([[4.0, 1.0]]))
    np.testing.assert_allclose(OBJECTIVES.build("codes")(seen, wanted), [9 / 2])
    np.testing.assert_allclose(OBJECTIVES.build("features")(seen, wanted), [(1 + 4) / 2])
    np.testing.assert_allclose(OBJECTIVES.build("realism")(seen, wanted), [np.log(2)], rtol=1e-6)


def test_the_total_is_weighted_and_asks_the_critic_only_where_it_is_needed():
    def generate(latents, labels):
        return tf.reshape(latents, (-1, 2, 1, 1)) + tf.cast(labels[0], tf.float32)

    def critic(images, labels):
        return images[:, 0, 0, 0], tf.reshape(images, (-1, 2)) * 2

    total = Total(["pixels(2.0)", "features(0.5)"], generate, critic)
    seen = tf.zeros((1, 2, 1, 1))
    latents, labels = tf.constant([[0.0, 1.0]]), tf.constant([1])
    wanted = total.target(seen, labels=labels)
    # The image is (1, 2): pixels (1 + 4) / 2, features (4 + 16) / 2.
    terms = total.terms(latents, labels, wanted)
    assert {name: float(value[0]) for name, value in terms.items()} == {
        "pixels": 2.5,
        "features": 10.0,
    }
    np.testing.assert_allclose(total(latents, labels, wanted), [2 * 2.5 + 0.5 * 10])
    plain = Total(["pixels"], generate)
    assert plain.needs == set() and plain.target(seen).features is None


def test_what_is_looked_at_is_what_is_compared():
    total = Total(["pixels"], lambda latents, _: latents, look=lambda images: images[:, :1])
    seen = tf.zeros((1, 1, 1, 1))
    made = tf.constant([[[[0.5]], [[9.0]]]])
    np.testing.assert_allclose(total(made, None, total.target(seen)), [0.25])


def test_refuses():
    with pytest.raises(UserError, match="twice"):
        Total(["pixels", "pixels(2.0)"], None)
    with pytest.raises(UserError, match="weight -1"):
        OBJECTIVES.build("shell(-1.0)")
    with pytest.raises(UserError, match="did you mean 'pixels'"):
        Total(["pixel"], None)
