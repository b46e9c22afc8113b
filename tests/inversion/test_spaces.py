"""The spaces that a search goes through."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf import latents
from gan_tf.inversion import spaces
from gan_tf.inversion.search import ENCODER
from gan_tf.runs.style_space import StyleSpace
from gan_tf.runs.trained_run import TrainedRun

LABELS = np.array([0, 1, 1])


@pytest.fixture(scope="module", params=["style_run", "labeled_style_run"])
def trained(request):
    return TrainedRun(request.getfixturevalue(request.param))


def labels_of(trained):
    return LABELS if trained.conditional else np.zeros(3, int)


def test_latents_are_as_they_are_drawn(trained):
    space, labels = spaces.Latents(trained), labels_of(trained)
    drawn = latents.draw(0, range(3), 5)
    assert space.begin(drawn, labels, [0, 1, 2]) is drawn
    expected = trained.samples(drawn, LABELS if trained.conditional else None)
    np.testing.assert_array_equal(space.samples(drawn, labels), expected)
    np.testing.assert_array_equal(space.arrays(drawn, labels)["latents"], drawn)


@pytest.mark.parametrize("name, shape", [("w", (4,)), ("w_plus", (6, 4))])
def test_styles_begin_at_their_mean_or_are_those_of_latents(trained, name, shape):
    space, labels = spaces.SPACES[name](trained), labels_of(trained)
    styles = StyleSpace(trained)
    drawn = latents.draw(0, range(3), 5)
    points = space.begin(drawn, labels, [ENCODER, 0, 1])
    assert points.shape == (3, *shape) and space.shape == shape
    rows = space.rows(points, labels).numpy()
    own = styles.styles(drawn, labels if trained.conditional else None)
    np.testing.assert_allclose(rows[::2], own[::2], atol=1e-5)
    assert np.all(points[1] == 0)
    given = np.full(10_000, LABELS[1]) if trained.conditional else None
    mean = styles.drawn(10_000, labels=given).mean(0)
    np.testing.assert_allclose(rows[1], np.tile(mean, (6, 1)), atol=0.05)

    made = space.samples(points, labels).astype(int)
    expected = trained.samples(drawn, labels if trained.conditional else None)
    assert np.abs(made - expected)[::2].max() <= 1
    images = trained.modality.to_stored(space.generate(tf.constant(points), tf.constant(labels)))
    assert np.abs(made - images).max() <= 1
    (kept,) = space.arrays(points, labels).items()
    assert kept[0] == name
    np.testing.assert_allclose(kept[1], rows[:, 0] if name == "w" else rows)


def test_points_are_in_standard_deviations(style_run):
    trained = TrainedRun(style_run)
    space = spaces.Styles(trained)
    drawn = latents.draw(7, range(500), 5)
    points = space.begin(drawn, np.zeros(500, int), np.ones(500))
    assert np.mean(points**2) == pytest.approx(1, rel=0.1)


def test_default_objectives_suit_the_space():
    given = ("pixels", "shell(0.1)", "center(0.001)")
    assert spaces.suitable(given, "z") == ["pixels", "shell(0.1)"]
    assert spaces.suitable(given, "w_plus") == ["pixels", "center(0.001)"]
