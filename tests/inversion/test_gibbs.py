"""Filling in by going to and fro, on networks whose fixed points are known."""

import types

import keras
import numpy as np
import pytest
from keras import ops

from gan_tf.inversion.gibbs import Gibbs

SIZE = 4  # of latents, and of images of 2x2


def run(deviation=None):
    """A `TrainedRun` in what matters: G makes pixels of half of z, E a code of twice the mean of x.

    With a deviation, codes are Gaussian.
    """
    latents = keras.Input((SIZE,))
    made = keras.layers.Reshape((2, 2, 1))(latents / 2)
    images = keras.Input((2, 2, 1))
    mean = ops.mean(ops.reshape(images, (-1, SIZE)), axis=1, keepdims=True)
    outputs = {"codes": 2 * ops.repeat(mean, SIZE, axis=1)}
    if deviation is not None:
        outputs["deviations"] = 0 * outputs["codes"] + deviation
    return types.SimpleNamespace(
        latent_dim=SIZE,
        generator=keras.Model(latents, made),
        encoding=keras.Model(images, outputs),
    )


SEEN = np.array([[0.2, 0.4, 0.0, 0.0], [-0.5, 0.1, 0.0, 0.0]], np.float32).reshape(2, 2, 2, 1)
MISSING = np.array([[0, 0, 1, 1]] * 2, bool).reshape(2, 2, 2, 1)


def test_missing_pixels_go_to_where_encoder_and_generator_agree():
    # The mean m of all pixels becomes (sum of the known + 2 m) / 4: m = 0.3, and -0.2.
    drawn = Gibbs(run(), draws=3, steps=40)(SEEN, MISSING, bar=False)
    assert drawn.images.shape == (2, 3, 2, 2, 1)
    np.testing.assert_allclose(drawn.images[0], 0.3, atol=1e-5)
    np.testing.assert_allclose(drawn.images[1], -0.2, atol=1e-5)
    # Mean squared differences from 0.2, 0.4; and from -0.5, 0.1.
    np.testing.assert_allclose(drawn.errors, [[0.01] * 3, [0.09] * 3], atol=1e-5)


def test_a_step_encodes_what_is_known_with_what_was_made():
    gibbs = Gibbs(run(), draws=2, steps=1, seed=5)
    drawn = gibbs(SEEN, MISSING, bar=False)
    start = gibbs._noise(np.arange(2), 0).reshape(2, 2, SIZE)[..., 2:] / 2  # G's missing pixels
    mean = (SEEN.sum(axis=(1, 2, 3))[:, None] + start.sum(axis=-1)) / 4
    expected = np.broadcast_to(mean[..., None, None, None], drawn.images.shape)
    np.testing.assert_allclose(drawn.images, expected, atol=1e-6)


def test_a_gaussian_posterior_is_drawn_from_in_each_step():
    many = Gibbs(run(deviation=0.2), draws=500, steps=30)(SEEN, MISSING, bar=False)
    # Its noise in a pixel, 0.1, and the deviation of the mean: v = (v + 0.1^2 / 2) / 4.
    spread = np.sqrt(0.1**2 + 0.1**2 / 6)
    np.testing.assert_allclose(many.images.std(axis=1), spread, rtol=0.15)
    np.testing.assert_allclose(many.images[0].mean(), 0.3, atol=0.02)


@pytest.mark.parametrize("deviation", [None, 0.3])
def test_draws_of_an_image_do_not_depend_on_the_others(deviation):
    trained = run(deviation)
    together = Gibbs(trained, draws=2, steps=3, seed=1)(SEEN, MISSING, bar=False)
    alone = Gibbs(trained, draws=2, steps=3, seed=1)(SEEN[:1], MISSING[:1], bar=False)
    np.testing.assert_allclose(together.images[:1], alone.images, atol=1e-6)
    by_one = Gibbs(trained, draws=2, steps=3, seed=1, rows=2)(SEEN, MISSING, bar=False)
    np.testing.assert_allclose(together.images, by_one.images, atol=1e-6)
    assert np.abs(together.images[:, 0] - together.images[:, 1]).max() > 1e-3
    other = Gibbs(trained, draws=2, steps=3, seed=2)(SEEN, MISSING, bar=False)
    assert np.abs(together.images - other.images).max() > 1e-3
