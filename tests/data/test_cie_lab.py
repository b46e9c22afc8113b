"""CIE Lab: published values, inverses, and derivatives where roots and powers have none."""

import numpy as np
import pytest
import tensorflow as tf

from gan_tf.data.cie_lab import colored, gray_of_rgb, lab_of_rgb, rgb_of_lab

PUBLISHED = {  # scikit-image's rgb2lab, rounded; D65, 2 degrees
    (255, 0, 0): (53.24, 80.09, 67.20),
    (0, 255, 0): (87.73, -86.18, 83.18),
    (0, 0, 255): (32.30, 79.19, -107.86),
    (255, 255, 0): (97.14, -21.55, 94.48),
    (255, 255, 255): (100.0, 0.0, 0.0),
    (119, 119, 119): (50.03, 0.0, 0.0),
    (0, 0, 0): (0.0, 0.0, 0.0),
}


def scaled(colors):
    return np.array(colors, np.float32) / 127.5 - 1


def test_published_values():
    found = lab_of_rgb(scaled(list(PUBLISHED)))
    np.testing.assert_allclose(found, list(PUBLISHED.values()), atol=0.02)


def test_every_color_comes_back():
    steps = np.linspace(-1, 1, 18)
    images = np.stack(np.meshgrid(steps, steps, steps), axis=-1).astype(np.float32)
    lab = lab_of_rgb(images)
    np.testing.assert_allclose(rgb_of_lab(lab), images, atol=1e-4)
    assert np.abs(lab[..., 1:]).max() < 110
    gray = gray_of_rgb(images)
    np.testing.assert_allclose(
        lab_of_rgb(np.repeat(gray, 3, axis=-1)), lab[..., :1] * (1, 0, 0), atol=2e-3
    )
    np.testing.assert_allclose(colored(gray, lab[..., 1:]), images, atol=2e-3)


def test_colors_that_do_not_exist_keep_lightness_and_hue():
    rng = np.random.default_rng(0)
    gray = rng.uniform(-0.9, 0.9, (500, 1)).astype(np.float32)
    ab = rng.uniform(-110, 110, (500, 2)).astype(np.float32)
    made = colored(gray, ab)
    assert np.abs(made).max() <= 1
    lab = np.asarray(lab_of_rgb(made))
    np.testing.assert_allclose(lab[:, :1], lab_of_rgb(np.repeat(gray, 3, -1))[:, :1], atol=0.02)
    lost = np.abs(lab[:, 1:]).max(1) < np.abs(ab).max(1) - 1
    assert lost.mean() > 0.5  # that many do not exist
    np.testing.assert_allclose(lab[~lost][:, 1:], ab[~lost], atol=1.1)


def gradients(function, *values):
    values = [tf.constant(each, tf.float32) for each in values]
    with tf.GradientTape() as outer:
        outer.watch(values)
        with tf.GradientTape() as inner:
            inner.watch(values)
            total = tf.reduce_sum(function(*values) ** 2)
        first = inner.gradient(total, values)
        size = tf.add_n([tf.reduce_sum(each**2) for each in first])
    return [*first, *outer.gradient(size, values)]


@pytest.mark.parametrize("value", [-1.0, -0.95, 0.0, 1.0, -1.5, 1.5])
def test_derivatives_are_finite_everywhere(value):
    colors = np.full((1, 3), value, np.float32)
    for function in (lab_of_rgb, gray_of_rgb):
        for each in gradients(function, colors):
            assert np.isfinite(each).all()
    for lab in ([[0, 0, 0]], [[0, 50, -50]], [[8, 0, 0]], [[100, 0, 0]]):
        for each in gradients(rgb_of_lab, lab):
            assert np.isfinite(each).all()
    for ab in ([[0, 0]], [[110, -110]]):
        for each in gradients(colored, colors[:, :1], ab):
            assert np.isfinite(each).all()


@pytest.mark.slow
def test_descent_leads_back_from_colors_that_do_not_exist():
    """From a = b = 100 toward the gray that is wanted."""
    gray = np.array([[-0.5], [0.0], [0.5]], np.float32)
    ab = tf.Variable(np.full((3, 2), 100, np.float32))
    for _ in range(300):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.abs(colored(gray, ab) - gray))
        ab.assign_sub(100 * tape.gradient(loss, ab) / 3)
    assert np.abs(ab).max() < 60
