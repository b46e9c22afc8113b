"""The search, on a linear generator, whose best latents are known in closed form."""

import types

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.inversion.objectives import Total
from gan_tf.inversion.search import ENCODER, LatentSearch
from gan_tf.inversion.spaces import Latents

SPACE = Latents(types.SimpleNamespace(latent_dim=3))
random = np.random.default_rng(0)
MATRIX = np.float32(random.standard_normal((3, 8)))  # 3 latents, images of 4x2
IMAGES = np.float32(random.standard_normal((5, 4, 2, 1)))


def linear(latents, labels):
    offset = 10 * tf.cast(labels, tf.float32)[:, None]
    return tf.reshape(latents @ MATRIX + offset, (-1, 4, 2, 1))


def least_squares(images, weights=None):
    rows = images.reshape(len(images), -1)
    roots = np.sqrt(np.ones_like(rows) if weights is None else weights.reshape(rows.shape))
    return np.stack(
        [np.linalg.lstsq((MATRIX * w).T, y * w, rcond=None)[0] for y, w in zip(rows, roots)]
    )


def search(**changes):
    arguments = dict(steps=200, learning_rate=0.3, starts=2)
    return LatentSearch(Total(["pixels"], linear), SPACE, **arguments | changes)


def test_finds_the_least_squares_solution():
    found = search()(IMAGES, bar=False)
    np.testing.assert_allclose(found.latents, least_squares(IMAGES), atol=2e-3)
    residual = found.latents @ MATRIX - IMAGES.reshape(5, 8)
    np.testing.assert_allclose(found.losses, np.mean(residual**2, axis=1), rtol=1e-4)


def test_weights_say_which_pixels_count():
    weights = np.float32(random.random((5, 4, 2, 1)))
    found = search()(IMAGES, weights, bar=False)
    np.testing.assert_allclose(found.latents, least_squares(IMAGES, weights), atol=5e-3)


def test_the_class_that_fits_is_found():
    labels = np.array([0, 1, 2, 1, 0])
    images = np.asarray(linear(tf.constant(random.standard_normal((5, 3)), tf.float32), labels))
    found = search()(images, classes=np.tile([0, 1, 2], (5, 1)), bar=False)
    np.testing.assert_array_equal(found.labels, labels)
    assert found.losses.max() < 1e-4


@pytest.mark.parametrize("rows", [1, 6, 7])  # one image at once, three, three
def test_images_do_not_depend_on_the_batch(rows):
    found = search(rows=rows, steps=20)(IMAGES, bar=False)
    together = search(steps=20)(IMAGES, bar=False)
    np.testing.assert_allclose(found.latents, together.latents, atol=1e-4)
    np.testing.assert_array_equal(found.starts, together.starts)


def test_the_best_start_is_kept():
    few = search(starts=1, steps=3)(IMAGES, bar=False)
    many = search(starts=8, steps=3)(IMAGES, bar=False)
    assert np.all(many.losses <= few.losses + 1e-6) and many.losses.mean() < few.losses.mean()
    assert len(set(many.starts)) > 1
    exact = np.float32(least_squares(IMAGES))
    encoded = search(steps=1, learning_rate=1e-3)(IMAGES, first=exact, bar=False)
    np.testing.assert_array_equal(encoded.starts, ENCODER)
    np.testing.assert_allclose(encoded.latents, exact, atol=2e-3)


def test_a_start_that_ends_in_nan_is_not_kept():
    def broken(latents, labels):
        return linear(latents, labels) / tf.cast(labels, tf.float32)[:, None, None, None]

    classes = np.tile([0, 1], (5, 1))  # class 0 divides by 0
    found = LatentSearch(Total(["pixels"], broken), SPACE, 5)(IMAGES, classes=classes, bar=False)
    np.testing.assert_array_equal(found.labels, 1)
    assert np.isfinite(found.losses).all()


def test_points_of_any_shape_begin_where_their_space_says():
    """Pairs of rows whose sum is the latent, from the origin or a drawn latent in both rows."""
    begun = []

    class Pairs(Latents):
        shape = (2, 3)

        def __init__(self):
            self.latent_dim = 3

        def begin(self, normal, labels, starts):
            begun.append((normal, starts))
            return np.where(starts == 0, 0, 1)[:, None, None] * np.stack([normal, normal], 1)

    def generate(points, labels):
        return linear(tf.reduce_sum(points, 1), labels)

    search = LatentSearch(Total(["pixels"], generate), Pairs(), 200, 0.3, starts=2)
    first = np.ones((5, 3), np.float32)
    found = search(IMAGES, first=first, classes=np.tile([0, 1], (5, 1)), bar=False)
    assert found.latents.shape == (5, 2, 3)
    np.testing.assert_allclose(found.latents.sum(1), least_squares(IMAGES), atol=5e-3)
    ((normal, starts),) = begun
    np.testing.assert_array_equal(starts, [ENCODER, 0, 1] * 10)
    np.testing.assert_array_equal(normal[::3], 1)
